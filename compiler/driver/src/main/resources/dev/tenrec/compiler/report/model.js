/* The data of the page: listings, what changed between them, and what belongs to what. */

const SIGNS = { added: '+', removed: '−', rewritten: '~', rewired: '→', same: '' };
const LIGHT = new Set(['Constant', 'Input', 'Output', 'Sizes', 'ShapeOf', 'Shape', 'Range']);
const HEAVY = new Set(['MatMul', 'MatrixMultiply', 'Conv', 'ConvTranspose', 'Convolution', 'Deconvolution',
  'ScaledDotProduct', 'Attention', 'Loop', 'If', 'Scan']);

/** A map from a key to the list of what has it. */
function group(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    const known = groups.get(key);
    if (known) known.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** How often each key occurs, most frequent first. */
function tally(items, keyOf) {
  const counts = new Map();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) || 0) + 1);
  return new Map([...counts].sort((a, b) => b[1] - a[1]));
}

/** The listing behind one pass. Everything is computed when it is first looked at. */
class Stage {
  constructor(model, index, data) {
    Object.assign(this, { model, index, name: data.name, kind: data.kind, data });
    this.precision = data.precision || [];
    this.evidence = data.evidence || [];
    this.micros = data.micros || 0;
  }

  remember(name, value) {
    Object.defineProperty(this, name, { value });
    return value;
  }

  /** The stage that this is compared with. */
  get base() {
    return this.index > 0 && this.kind !== 'network' ? this.model.stages[this.index - 1] : null;
  }

  get lines() {
    const before = this.index > 0 ? this.model.stages[this.index - 1].lines : [];
    const runs = this.data.runs;
    if (runs.length === 1 && runs[0][0] === 0 && runs[0][1] === before.length) return this.remember('lines', before);
    const lines = [];
    for (const run of runs) {
      if (run[0] < 0) for (let i = 1; i < run.length; i++) lines.push(run[i]);
      else for (let i = 0; i < run[1]; i++) lines.push(before[run[0] + i]);
    }
    return this.remember('lines', lines);
  }

  get unchanged() {
    return this.base !== null && this.lines === this.base.lines;
  }

  /** Operations: what is neither input nor output. */
  get nodes() {
    return this.remember('nodes', this.lines.filter(line => !this.model.isBorder(line)));
  }

  /** Operations that compute something. */
  get operations() {
    return this.remember('operations', this.nodes.filter(line => this.model.operation(line) !== 'Constant'));
  }

  get byKey() {
    return this.remember('byKey', new Map(this.lines.map(line => [this.model.key(line), line])));
  }

  get positions() {
    return this.remember('positions', new Map(this.lines.map((line, i) => [this.model.key(line), i])));
  }

  /** From a value to the line that makes it. */
  get producers() {
    const producers = new Map();
    for (const line of this.lines) for (const value of this.model.results(line)) producers.set(value, line);
    return this.remember('producers', producers);
  }

  /** From a line to those that read what it makes. */
  get readers() {
    const readers = new Map();
    for (const line of this.lines) {
      for (const value of new Set(this.model.operands(line))) {
        const producer = this.producers.get(value);
        if (!readers.has(producer)) readers.set(producer, []);
        readers.get(producer).push(line);
      }
    }
    return this.remember('readers', readers);
  }

  /** From a node of the ONNX file to the lines that come from it. */
  get origins() {
    const origins = new Map();
    for (const line of this.lines) {
      for (const node of this.model.origins(line)) {
        if (!origins.has(node)) origins.set(node, []);
        origins.get(node).push(line);
      }
    }
    return this.remember('origins', origins);
  }

  operandLines(line) {
    const lines = this.model.operands(line).map(value => this.producers.get(value));
    return [...new Set(lines)].filter(operand => operand !== undefined);
  }

  readerLines(line) {
    return [...new Set(this.readers.get(line) || [])];
  }

  get events() {
    return this.remember('events', this.data.events.map(([rule, before, after]) => ({ rule: this.model.string(rule), before, after })));
  }

  get eventsByKey() {
    return this.remember('eventsByKey', group(this.events, event => event.before));
  }

  get rules() {
    return this.remember('rules', tally(this.events, event => event.rule));
  }

  /** Rows {key, line, before, mark} in order; what was removed stands where it was. */
  get rows() {
    const { model, base, byKey } = this;
    const row = (line, before, mark) => ({ key: model.key(line), line, before, mark });
    if (!base || this.unchanged) return this.remember('rows', this.lines.map(line => row(line, line, 'same')));
    const rows = [];
    let seen = 0;
    const removedUpTo = end => {
      for (; seen < end; seen++) {
        const line = base.lines[seen];
        if (!byKey.has(model.key(line))) rows.push(row(line, line, 'removed'));
      }
    };
    for (const line of this.lines) {
      const before = base.byKey.get(model.key(line));
      if (before === undefined) {
        rows.push(row(line, -1, 'added'));
      } else {
        removedUpTo(base.positions.get(model.key(line)));
        rows.push(row(line, before, model.difference(before, line)));
      }
    }
    removedUpTo(base.lines.length);
    return this.remember('rows', rows);
  }

  get rowsByKey() {
    return this.remember('rowsByKey', new Map(this.rows.map(row => [row.key, row])));
  }

  get marks() {
    const counts = tally(this.rows, row => row.mark);
    return this.remember('marks', new Map(['removed', 'added', 'rewritten', 'rewired'].filter(mark => counts.has(mark)).map(mark => [mark, counts.get(mark)])));
  }

  /** The rules that made a row what it is, or nothing if it is as before. */
  makers(row) {
    const events = this.eventsByKey.get(row.key);
    if (events) return [...new Set(events.map(event => event.rule))];
    if (row.mark === 'same' || !this.base) return [];
    const near = row.mark === 'removed' ? [] : this.rulesByPlace.get(this.model.place(row.line)) || [];
    return near.length ? near : [this.name];
  }

  get rulesByPlace() {
    const rules = new Map();
    for (const event of this.events) {
      const line = this.byKey.get(event.before);
      if (line === undefined || !this.model.origins(line).length) continue;
      const place = this.model.place(line);
      rules.set(place, [...new Set([...(rules.get(place) || []), event.rule])]);
    }
    return this.remember('rulesByPlace', rules);
  }
}

class Model {
  constructor(data) {
    this.data = data;
    this.stages = data.stages.map((stage, i) => new Stage(this, i, stage));
    this.haystacks = [];
    this.network = this.stages.find(stage => stage.kind === 'network') || null;
    this.last = this.stages.findLast(stage => stage.kind !== 'network');
    this.optimized = this.stages.findLast(stage => stage.kind === 'pass') || this.stages[0];
  }

  string(n) { return this.data.strings[n]; }
  key(line) { return this.data.lines.key[line]; }
  place(line) { return this.data.lines.place[line]; }
  depth(line) { return this.data.lines.depth[line]; }
  operands(line) { return this.data.lines.operands[line]; }
  results(line) { return this.data.lines.results[line]; }
  operation(line) { return this.string(this.data.lines.operation[line]); }
  attributes(line) { return this.string(this.data.lines.attributes[line]); }
  type(line) { return this.string(this.data.lines.type[line]); }
  name(value) { return value < 0 ? '?' : this.string(this.data.names[value]); }

  /** The name of a line: a layer's or output's own, or those of its results. */
  title(line) {
    const label = this.data.lines.label[line];
    return label >= 0 ? this.string(label) : this.results(line).map(value => this.name(value)).join(', ');
  }

  isBorder(line) {
    const operation = this.operation(line);
    return operation === 'Input' || operation === 'Output';
  }

  isLayer(line) {
    return this.network !== null && this.sourceByLayer.has(line);
  }

  weight(line) {
    const operation = this.operation(line);
    return LIGHT.has(operation) ? 'light' : HEAVY.has(operation) ? 'heavy' : '';
  }

  /** Numbers of the ONNX nodes that a line comes from. */
  origins(line) { return this.data.places[this.place(line)].slice(1); }

  /** The rule that joined them, or what else is known of the place. */
  placeNote(line) { return this.string(this.data.places[this.place(line)][0]); }

  onnx(n) {
    const [path, index, name, operator, source] = this.data.onnx[n];
    return { path: this.string(path), index, name: this.string(name), operator: this.string(operator), source: this.string(source) };
  }

  /** Where an ONNX node stands in its file. */
  onnxPath(n) {
    const { path, index } = this.onnx(n);
    return `${path}/node[${index}]`;
  }

  /** The whole text of a line. */
  text(line) {
    if (this.isLayer(line)) return `${this.title(line)}\n${this.operation(line)}${this.attributes(line)}\n: ${this.type(line)}`;
    const operands = this.operands(line).map(value => this.name(value)).join(', ');
    return `${this.title(line)} = ${this.operation(line)}${this.attributes(line)}(${operands})\n: ${this.type(line)}`;
  }

  difference(before, after) {
    if (before === after) return 'same';
    const { operation, attributes, type } = this.data.lines;
    for (const column of [operation, attributes, type]) if (column[before] !== column[after]) return 'rewritten';
    return this.operands(before).join() === this.operands(after).join() ? 'same' : 'rewired';
  }

  /** What a search looks at, in lower case. */
  haystack(line) {
    return (this.haystacks[line] ??= [
      this.title(line), this.operation(line), this.attributes(line), this.type(line), this.placeNote(line),
      ...this.origins(line).map(n => `${this.onnx(n).name} ${this.onnx(n).operator} ${this.onnx(n).source}`)]
      .join(' ').toLowerCase());
  }

  /** A test for rows of a stage, or null for an empty query. */
  matcher(query, stage) {
    const words = query.toLowerCase().split(/\s+/).filter(word => word);
    if (!words.length) return null;
    return row => words.every(word => {
      const [, field, rest] = /^(op|onnx|rule):(.*)$/.exec(word) || [];
      if (field === 'op') return this.operation(row.line).toLowerCase().includes(rest);
      if (field === 'onnx') return this.origins(row.line).some(n => [String(this.onnx(n).index), this.onnxPath(n).toLowerCase()].includes(rest));
      if (field === 'rule') return stage.makers(row).some(rule => rule.toLowerCase().includes(rest));
      return this.haystack(row.line).includes(word);
    });
  }

  /** From the key of a node to the lines of its layers. */
  get layersByKey() {
    const lines = this.network ? this.network.lines : [];
    const layers = group(lines.map((line, i) => ({ line, key: this.data.sources[i] })), layer => layer.key);
    layers.delete(-1);
    Object.defineProperty(this, 'layersByKey', { value: layers });
    return layers;
  }

  get sourceByLayer() {
    const lines = this.network ? this.network.lines : [];
    const sources = new Map(lines.map((line, i) => [line, this.data.sources[i]]));
    Object.defineProperty(this, 'sourceByLayer', { value: sources });
    return sources;
  }

  /** The layers of a node: its own, or else those that come from the same ONNX nodes. */
  layers(line) {
    if (!this.network) return { exact: true, lines: [] };
    const own = (this.layersByKey.get(this.key(line)) || []).map(layer => layer.line);
    if (own.length) return { exact: true, lines: own };
    const shared = new Set(this.origins(line).flatMap(n => this.network.origins.get(n) || []));
    return { exact: false, lines: [...shared] };
  }

  /** The nodes of the ONNX file that anything comes from, in its order: {n, path, index, name, operator, source, counts}. */
  get onnxNodes() {
    const stages = [this.stages[0], this.optimized, this.network].filter(stage => stage);
    const nodes = this.data.onnx.map((_, n) => ({ n, ...this.onnx(n), counts: stages.map(stage => (stage.origins.get(n) || []).length) }));
    nodes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.index - b.index));
    Object.defineProperty(this, 'onnxNodes', { value: nodes });
    return nodes;
  }

  /** What was decided for the values: {key, computed, seen, reason}. */
  get decisions() {
    const stage = this.stages.find(some => some.precision.length);
    const rows = (stage ? stage.precision : []).map(([key, computed, seen, reason]) =>
      ({ key, computed: this.string(computed), seen: this.string(seen), reason: this.string(reason), stage: stage.index - 1 }));
    Object.defineProperty(this, 'decisions', { value: rows });
    return rows;
  }
}
