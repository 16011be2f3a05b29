/* What is known about one node: text, operands, users, rules, origin, layers, history. */

const MOST_LINKS = 40;

class Inspector {
  /** @param go takes a stage and a key */
  constructor(element, model, go, search) {
    Object.assign(this, { element, model, go, search });
  }

  clear(message) {
    this.element.replaceChildren(html('p', { class: 'soft' }, message));
  }

  show(stage, row) {
    const parts = stage.kind === 'network' ? this.layer(stage, row) : this.node(stage, row);
    this.element.replaceChildren(...parts.flat().filter(part => part));
    this.element.scrollTop = 0;
  }

  node(stage, row) {
    const { model } = this;
    const home = row.mark === 'removed' ? stage.base : stage;
    return [
      html('h2', {}, model.title(row.line)),
      this.badges(stage, row),
      this.text(stage, row),
      this.rules(stage, row),
      this.fate(stage, row),
      this.links('Operands', home, home.operandLines(row.line)),
      this.links('Users', home, home.readerLines(row.line)),
      this.origin(row.line),
      row.mark === 'removed' ? null : this.layers(row.line),
      this.decision(row.key),
      this.history(row.key)];
  }

  layer(stage, row) {
    const { model } = this;
    const key = model.sourceByLayer.get(row.line);
    const source = key >= 0 ? model.last.byKey.get(key) : undefined;
    return [
      html('h2', {}, model.title(row.line)),
      this.badges(stage, row),
      html('pre', {}, `${model.operation(row.line)}${model.attributes(row.line)}\n: ${model.type(row.line)}`),
      source === undefined ? null : this.links('Expresses', model.last, [source]),
      this.links('Operands', stage, stage.operandLines(row.line)),
      this.links('Users', stage, stage.readerLines(row.line)),
      this.origin(row.line)];
  }

  /** A node of the ONNX file, and all that comes from it. */
  onnx({ n, name, operator, source }) {
    const { model } = this;
    const of = (heading, stage) => (stage ? this.links(heading, stage, stage.origins.get(n) || []) : null);
    const parts = [
      html('h2', {}, name || model.onnxPath(n)),
      html('p', { style: 'margin-top:5px' }, html('span', { class: 'badge' }, operator), html('span', { class: 'soft' }, `${model.onnxPath(n)} ${source}`)),
      of('Imported as', model.stages[0]), of('Goes on in', model.optimized), of('TensorRT layers', model.network)];
    this.element.replaceChildren(...parts.flat().filter(part => part));
  }

  badges(stage, row) {
    const { model } = this;
    const words = { added: 'added', removed: 'removed', rewritten: 'rewritten', rewired: 'reads other values' };
    const badges = [html('span', { class: 'badge' }, model.operation(row.line))];
    if (words[row.mark]) badges.push(html('span', { class: `badge ${row.mark}` }, words[row.mark]));
    if (model.depth(row.line)) badges.push(html('span', { class: 'badge' }, 'inside of an operation'));
    return html('p', { style: 'margin-top:5px' }, ...badges);
  }

  text(stage, row) {
    const { model } = this;
    if (row.mark === 'rewritten' || row.mark === 'rewired') {
      return [
        html('h3', {}, 'Before'), html('pre', { class: 'removed', id: 'text-before' }, model.text(row.before)),
        html('h3', {}, 'After'), html('pre', { class: 'added', id: 'text-after' }, model.text(row.line))];
    }
    return html('pre', { class: row.mark, id: 'text' }, model.text(row.line));
  }

  rules(stage, row) {
    const makers = stage.makers(row);
    if (!makers.length) return null;
    const heading = row.mark === 'removed' ? 'Removed by' : 'Made by';
    return [html('h3', {}, heading), html('ul', { id: 'rules' }, ...makers.map(rule =>
      html('li', {}, this.link(rule, () => this.search(`rule:${rule}`), 'All that it did here'))))];
  }

  /** Where something that was removed went. */
  fate(stage, row) {
    if (row.mark !== 'removed') return null;
    const { model } = this;
    const values = (stage.eventsByKey.get(row.key) || []).map(event => stage.producers.get(event.after));
    const replaced = [...new Set(values)].filter(line => line !== undefined);
    if (replaced.length) return this.links('Replaced by', stage, replaced);
    const heirs = new Set(model.origins(row.line).flatMap(n => stage.origins.get(n) || []));
    return this.links('Its origin goes on in', stage, [...heirs]);
  }

  link(text, onclick, title = null) {
    const element = html('a', { href: '#', title }, text);
    element.addEventListener('click', event => {
      event.preventDefault();
      onclick();
    });
    return element;
  }

  links(heading, stage, lines) {
    if (!lines.length) return null;
    const { model } = this;
    const list = html('ul', { 'data-links': heading });
    const fill = count => {
      list.replaceChildren(...lines.slice(0, count).map(line => html('li', {},
        this.link(model.title(line), () => this.go(stage, model.key(line))), ' ',
        html('span', { class: 'soft' }, `${model.operation(line)} : ${model.type(line)}`))));
      if (count < lines.length) {
        list.append(html('li', {}, this.link(`${lines.length - count} more`, () => fill(lines.length))));
      }
    };
    fill(MOST_LINKS);
    return [html('h3', {}, lines.length > 1 ? `${heading} (${lines.length})` : heading), list];
  }

  origin(line) {
    const { model } = this;
    const nodes = model.origins(line);
    const note = model.placeNote(line);
    if (!nodes.length && !note) return null;
    const items = nodes.map(n => {
      const { name, operator, source } = model.onnx(n);
      const path = model.onnxPath(n);
      return html('li', {},
        this.link(name || path, () => this.search(`onnx:${path}`), 'All that comes from it'), ' ',
        html('span', { class: 'soft' }, `${operator}, ${path}${source ? ', ' + source : ''}`));
    });
    const remark = nodes.length > 1 ? `joined by ${note}` : note;
    if (note) items.push(html('li', { class: 'soft' }, remark));
    return [html('h3', {}, nodes.length > 1 ? `ONNX nodes (${nodes.length})` : nodes.length ? 'ONNX node' : 'Origin'), html('ul', { id: 'origin' }, ...items)];
  }

  layers(line) {
    const { model } = this;
    const layers = model.layers(line);
    const heading = layers.exact ? 'TensorRT layers' : 'TensorRT layers of the same origin';
    return model.network ? this.links(heading, model.network, layers.lines) : null;
  }

  decision(key) {
    const decision = this.model.decisions.find(row => row.key === key);
    if (!decision) return null;
    return [html('h3', {}, 'Precision'),
      html('p', { id: 'decision' }, `computed in ${decision.computed}, seen as ${decision.seen}: ${decision.reason}`)];
  }

  /** The passes that touched it. */
  history(key) {
    const items = [];
    for (const stage of this.model.stages) {
      if (stage.kind === 'network' || stage.unchanged) continue;
      const row = stage.rowsByKey.get(key);
      if (!row) continue;
      const first = stage.kind === 'import';
      if (!first && row.mark === 'same') continue;
      const what = first ? 'in the model' : `${row.mark} by ${stage.makers(row).join(', ')}`;
      items.push(html('li', {}, this.link(stage.name, () => this.go(stage, key)), ' ', html('span', { class: 'soft' }, what)));
    }
    return items.length ? [html('h3', {}, 'History'), html('ul', { id: 'history' }, ...items)] : null;
  }
}
