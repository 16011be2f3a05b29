/* Pages of figures: the overview, a pass without changes, the precision table. */

class Summary {
  constructor(element, model, actions) {
    Object.assign(this, { element, model, actions });
  }

  fill(...parts) {
    this.element.classList.remove('filled');
    this.element.replaceChildren(...parts.flat().filter(part => part));
    this.element.scrollTop = 0;
  }

  overview() {
    const { model } = this;
    const [first, last] = [model.stages[0], model.optimized];
    const passes = model.stages.filter(stage => stage.kind === 'pass');
    const rewrites = passes.flatMap(stage => stage.events);
    const millis = passes.reduce((sum, stage) => sum + stage.micros, 0) / 1000;
    const layers = model.network ? model.network.operations.length : '—';
    this.fill(
      html('div', { class: 'figures' },
        Summary.figure(first.operations.length, 'operations imported'), Summary.figure(last.operations.length, 'operations optimized'),
        Summary.figure(layers, `layers of TensorRT ${model.data.tensorrt}`), Summary.figure(rewrites.length, 'rewrites'),
        Summary.figure(millis.toFixed(1), 'ms in passes')),
      model.data.refusal ? html('p', { class: 'evidence failed' }, `No TensorRT network: ${model.data.refusal}`) : null,
      html('h2', {}, 'Operations (and constants) after each pass'), this.chart(),
      html('h2', {}, 'Passes'), this.passes(),
      html('div', { class: 'columns' },
        html('div', {}, html('h2', {}, 'Rewrites by rule'), Summary.tallies('rule', tally(rewrites, event => event.rule), rule => this.actions.rule(rule))),
        html('div', {}, html('h2', {}, 'Operations'), this.operations(first, last)),
        model.network ? html('div', {}, html('h2', {}, 'Layers'), Summary.tallies('layer', tally(model.network.nodes, line => model.operation(line)))) : ''));
  }

  static figure(number, what) {
    return html('div', {}, html('b', {}, String(number)), what);
  }

  chart() {
    const stages = this.model.stages.filter(stage => stage.kind !== 'network');
    const [width, height] = [Math.max(24, Math.min(64, 1000 / stages.length)), 110];
    const most = Math.max(1, ...stages.map(stage => stage.nodes.length));
    const chart = svg('svg', { class: 'chart', width: width * stages.length, height: height + 18, role: 'img', 'aria-label': 'Operations after each pass' });
    stages.forEach((stage, i) => {
      const counts = [stage.nodes.length, stage.operations.length];
      const [whole, solid] = counts.map(count => height * count / most);
      const across = { x: i * width + 2, width: width - 4 };
      const bar = svg('g', {},
        svg('rect', { ...across, y: height + 14 - whole, height: whole - solid, class: 'light' }),
        svg('rect', { ...across, y: height + 14 - solid, height: solid }),
        svg('text', { x: (i + .5) * width, y: height + 10 - solid }, String(counts[1])),
        svg('title', {}, `${stage.name}: ${counts[1]} operations, ${counts[0] - counts[1]} constants`));
      bar.addEventListener('click', () => this.actions.stage(stage));
      chart.append(bar);
    });
    return chart;
  }

  passes() {
    const stages = this.model.stages.filter(stage => stage.base);
    const longest = Math.max(1, ...stages.map(stage => stage.micros));
    const rows = stages.map(stage => {
      const count = mark => (stage.unchanged ? 0 : stage.marks.get(mark)) || '';
      const failed = stage.evidence.some(found => !found.passed);
      const checked = stage.evidence.length ? (failed ? 'failed' : 'passed') : '';
      return html('tr', {},
        html('td', { class: 'number soft' }, String(stage.index)),
        html('td', {}, this.stageLink(stage)),
        html('td', { class: 'number' }, (stage.micros / 1000).toFixed(2)),
        html('td', {}, html('i', { style: `width:${90 * stage.micros / longest}px` })),
        html('td', { class: 'number' }, String(stage.operations.length)),
        ...['added', 'removed', 'rewritten', 'rewired'].map(mark => html('td', { class: `number ${mark}` }, String(count(mark)))),
        html('td', { class: 'number' }, String(stage.events.length || '')),
        html('td', { class: failed ? 'removed' : 'added' }, checked));
    });
    const heads = ['', 'pass', 'ms', '', 'operations', '+', '−', '~', '→', 'rewrites', 'checks'];
    return html('table', { id: 'passes' }, html('tr', {}, ...heads.map((head, i) => html('th', { class: i > 3 && i < 10 || i === 2 ? 'number' : '' }, head))), ...rows);
  }

  stageLink(stage) {
    const link = html('a', { href: '#' }, stage.name);
    link.addEventListener('click', event => {
      event.preventDefault();
      this.actions.stage(stage);
    });
    return link;
  }

  static tallies(what, counts, onclick = null) {
    const most = Math.max(1, ...counts.values());
    const rows = [...counts].map(([name, count]) => {
      const cell = html('td', {}, onclick ? html('a', { href: '#' }, name) : name);
      if (onclick) {
        cell.firstChild.addEventListener('click', event => {
          event.preventDefault();
          onclick(name);
        });
      }
      return html('tr', {}, cell, html('td', { class: 'number' }, String(count)), html('td', {}, html('i', { style: `width:${80 * count / most}px` })));
    });
    return html('table', {}, html('tr', {}, html('th', {}, what), html('th', { class: 'number' }, 'count'), html('th')), ...rows);
  }

  /** Counts by operation in two stages. */
  operations(first, last) {
    const of = stage => tally(stage.nodes, line => this.model.operation(line));
    const [before, after] = [of(first), of(last)];
    const names = [...new Set([...before.keys(), ...after.keys()])];
    const rows = names.map(name => {
      const [b, a] = [before.get(name) || 0, after.get(name) || 0];
      const change = a - b;
      return html('tr', {}, html('td', {}, name), html('td', { class: 'number' }, String(b)), html('td', { class: 'number' }, String(a)),
        html('td', { class: `number ${change < 0 ? 'added' : change > 0 ? 'rewritten' : 'soft'}` }, change ? (change > 0 ? '+' : '−') + Math.abs(change) : ''));
    });
    return html('table', { class: 'operations' }, html('tr', {}, html('th', {}, 'operation'), html('th', { class: 'number' }, 'before'), html('th', { class: 'number' }, 'after'), html('th')), ...rows);
  }

  /** Figures of one pass. */
  figures(stage) {
    this.fill(
      html('h2', {}, `${stage.name}: ${(stage.micros / 1000).toFixed(2)} ms`),
      stage.evidence.map(found => html('p', { class: found.passed ? 'evidence' : 'evidence failed' }, `${found.check}: ${found.text}`)),
      html('div', { class: 'columns' },
        html('div', {}, html('h2', {}, 'Rewrites by rule'), Summary.tallies('rule', stage.rules, rule => this.actions.ruleIn(stage, rule))),
        html('div', {}, html('h2', {}, 'Operations'), this.operations(stage.base || stage, stage))));
  }

  /** The table of decisions; the search filters it. */
  precision(query) {
    const { model } = this;
    const words = query.toLowerCase().split(/\s+/).filter(word => word);
    const shown = model.decisions.filter(row => {
      const stage = model.stages[row.stage];
      const text = `${model.name(row.key)} ${stage.byKey.has(row.key) ? model.operation(stage.byKey.get(row.key)) : ''} ${row.computed} ${row.seen} ${row.reason}`.toLowerCase();
      return words.every(word => text.includes(word));
    });
    this.table('Precision', `${shown.length} of ${model.decisions.length} values: the type in which each is computed, the type as which it is seen by what follows its operands, and why.`,
      shown, row => this.decision(row), row => this.actions.inspect(model.stages[row.stage], row.key));
  }

  /** A page with nothing but a long list. */
  table(title, note, items, render, onSelect) {
    const list = html('div', { class: 'decisions', id: 'decisions', tabindex: 0, role: 'listbox', 'aria-label': title });
    this.element.classList.add('filled');
    this.element.replaceChildren(html('h2', {}, title), html('p', { class: 'soft' }, note), list);
    new Listing(list, render, onSelect).show(items);
  }

  /** The nodes of the ONNX file; the search filters them. */
  onnx(query) {
    const { model } = this;
    const words = query.toLowerCase().split(/\s+/).filter(word => word);
    const shown = model.onnxNodes.filter(node => {
      const text = `${model.onnxPath(node.n)} ${node.name} ${node.operator} ${node.source}`.toLowerCase();
      return words.every(word => text.includes(word));
    });
    this.table('ONNX nodes', `${shown.length} of ${model.onnxNodes.length} nodes: how many operations each was imported as, how many it goes on in after the passes, and in how many TensorRT layers.`,
      shown, node => this.onnxNode(node), node => this.actions.onnx(node));
  }

  onnxNode({ n, name, operator, source, counts }) {
    const number = count => html('span', { class: 'number' }, String(count));
    return html('div', { class: 'onnx' }, html('span'), html('span', {}, shorten(name || this.model.onnxPath(n), 60)), html('span', { class: 'operation' }, operator),
      ...counts.map(number), html('span', { class: 'type' }, source));
  }

  decision(row) {
    const { model } = this;
    const line = model.stages[row.stage].byKey.get(row.key);
    const low = type => (type === 'float' ? '' : 'added');
    return html('div', {}, html('span'), html('span', {}, shorten(model.name(row.key), 60)),
      html('span', { class: 'operation' }, line === undefined ? '' : model.operation(line)),
      html('span', { class: low(row.computed) }, row.computed), html('span', { class: low(row.seen) }, row.seen), html('span', {}, row.reason));
  }
}
