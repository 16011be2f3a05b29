/* The page: passes on the left, graph in the middle, the selected node on the right. */

class Explorer {
  constructor(model) {
    this.model = model;
    const element = id => document.getElementById(id);
    this.ui = Object.fromEntries(['model', 'facts', 'search', 'theme', 'help', 'stages', 'graph', 'stage', 'counts', 'changed', 'constants',
      'distance', 'fit', 'drawings', 'before', 'after', 'caption-before', 'caption-after', 'splitter', 'listing', 'nothing', 'found', 'page', 'inspector', 'keys']
      .map(id => [id, element(id)]));
    this.state = { view: 'overview', stage: 0, key: -1 };
    const select = key => this.select(key);
    this.drawings = { before: new Drawing(this.ui.before, select), after: new Drawing(this.ui.after, select) };
    this.listing = new Listing(this.ui.listing, (row, width) => renderRow(model, row, width), row => this.select(row.key));
    this.inspector = new Inspector(this.ui.inspector, model, (stage, key) => this.go('graph', stage.index, key), query => this.query(query));
    this.summary = new Summary(this.ui.page, model, {
      stage: stage => this.go('graph', stage.index),
      rule: rule => this.rule(rule),
      ruleIn: (stage, rule) => { this.go('graph', stage.index); this.query(`rule:${rule}`); },
      onnx: node => this.inspector.onnx(node),
      inspect: (stage, key) => { if (stage.rowsByKey.has(key)) this.inspector.show(stage, stage.rowsByKey.get(key)); }
    });
    this.heading();
    this.navigation();
    this.listen();
    this.restore();
  }

  get stage() { return this.model.stages[this.state.stage]; }

  heading() {
    const { model, ui } = this;
    ui.model.textContent = model.data.model;
    document.title = `${model.data.model} · Tenrec pass explorer`;
    const layers = model.network ? `${model.network.operations.length} layers` : 'no TensorRT network';
    ui.facts.textContent = `${model.stages[0].operations.length} → ${model.optimized.operations.length} operations · ${layers} · ${model.data.settings}`;
    ui.facts.title = model.data.settings;
  }

  /** The entries of the left side: pages and stages. */
  navigation() {
    const { model } = this;
    const longest = Math.max(1, ...model.stages.map(stage => stage.micros));
    this.entries = [{ view: 'overview', stage: 0, element: Explorer.entry('Overview', '') }];
    const parts = [this.entries[0].element];
    const add = (view, stage, element) => {
      this.entries.push({ view, stage, element });
      parts.push(element);
    };
    const titles = { import: 'Passes', lowering: 'For TensorRT', network: 'Result' };
    model.stages.forEach((stage, i) => {
      if (titles[stage.kind] && (i === 0 || model.stages[i - 1].kind !== stage.kind)) parts.push(html('h3', {}, titles[stage.kind]));
      const element = Explorer.entry(stage.kind === 'network' ? 'TensorRT layers' : stage.name, String(stage.operations.length));
      element.classList.toggle('quiet', stage.unchanged);
      const changes = stage.base && !stage.unchanged ? [...stage.marks].map(([mark, count]) => html('span', { class: mark }, `${SIGNS[mark]}${count}`)) : [];
      if (changes.length) element.append(html('small', {}, ...changes));
      if (stage.base) element.append(html('i', { style: `width:${100 * stage.micros / longest}%`, title: `${(stage.micros / 1000).toFixed(2)} ms` }));
      if (stage.evidence.some(found => !found.passed)) element.firstChild.classList.add('removed');
      add('graph', i, element);
    });
    if (model.decisions.length) add('precision', 0, Explorer.entry('Precision table', String(model.decisions.length)));
    if (model.data.onnx.length) add('onnx', 0, Explorer.entry('ONNX nodes', String(model.data.onnx.length)));
    this.entries.forEach(entry => entry.element.addEventListener('click', () => this.go(entry.view, entry.stage)));
    this.ui.stages.replaceChildren(...parts);
  }

  static entry(name, count) {
    return html('div', { class: 'stage', role: 'option', title: name }, html('b', {}, name), html('small', {}, count));
  }

  /** Shows a view; a key that is not given stays where the stage has it. */
  go(view, index, key = this.state.key) {
    const from = this.stage;
    this.state = { view, stage: index, key };
    if (view === 'graph') this.state.key = this.settle(from, key);
    this.filtered = '';
    const hash = `#${view}/${index}/${this.state.key}`;
    if (location.hash !== hash) history.pushState(null, '', hash);
    this.refresh();
  }

  /** The key, or what stands for it in a stage that does not have it. */
  settle(from, key) {
    const { stage, model } = this;
    if (stage.rowsByKey.has(key)) return key;
    if (stage.kind === 'network' && from.byKey.has(key)) {
      const { lines } = model.layers(from.byKey.get(key));
      if (lines.length) return model.key(lines[0]);
    }
    if (from.kind === 'network' && from.byKey.has(key)) {
      const source = model.sourceByLayer.get(from.byKey.get(key));
      if (stage.rowsByKey.has(source)) return source;
    }
    const heavy = some => model.weight(some.line) !== 'light';
    const tests = [some => heavy(some) && stage.eventsByKey.has(some.key) && some.mark !== 'removed', some => heavy(some) && some.mark !== 'same',
      some => some.mark !== 'same', heavy, () => true];
    const row = tests.map(test => stage.rows.find(test)).find(some => some);
    return row ? row.key : -1;
  }

  restore() {
    const [, view, stage, key] = /^#(\w+)\/(\d+)\/(-?\d+)$/.exec(location.hash) || [];
    const known = view && this.model.stages[stage] && ['overview', 'graph', 'precision', 'onnx'].includes(view);
    this.state = known ? { view, stage: Number(stage), key: Number(key) } : { view: 'overview', stage: 0, key: -1 };
    if (this.state.view === 'graph') this.state.key = this.settle(this.stage, this.state.key);
    this.filtered = '';
    this.refresh();
  }

  refresh() {
    const { view } = this.state;
    this.ui.graph.hidden = view !== 'graph';
    this.ui.page.hidden = view === 'graph';
    this.ui.inspector.parentElement.classList.toggle('wide', view === 'overview');
    for (const entry of this.entries) {
      const selected = entry.view === view && (view !== 'graph' || entry.stage === this.state.stage);
      entry.element.setAttribute('aria-selected', selected);
      if (selected) entry.element.scrollIntoView({ block: 'nearest' });
    }
    if (view === 'overview') this.summary.overview();
    else if (view === 'precision' || view === 'onnx') this.summary[view](this.ui.search.value);
    else this.showStage();
    if (view !== 'graph') this.inspector.clear('Select a row.');
  }

  showStage() {
    const { stage, ui } = this;
    ui.stage.textContent = stage.kind === 'network' ? 'TensorRT layers' : stage.name;
    const marks = stage.base && !stage.unchanged ? [...stage.marks] : [];
    const checks = !stage.evidence.length ? '' : stage.evidence.every(found => found.passed) ? ', checks passed' : ', checks failed';
    const detail = html('a', { href: '#', id: 'figures' }, `${(stage.micros / 1000).toFixed(2)} ms, ${stage.events.length} rewrites${checks}`);
    detail.addEventListener('click', event => {
      event.preventDefault();
      ui.graph.hidden = true;
      ui.page.hidden = false;
      this.summary.figures(stage);
    });
    ui.counts.replaceChildren(...marks.map(([mark, count]) => html('b', { class: mark, title: mark }, `${SIGNS[mark]}${count}`)),
      stage.base ? detail : '', stage.base && stage.unchanged ? ' · changed nothing' : '');
    ui.changed.disabled = !marks.length;
    this.list();
    this.show();
  }

  /** Fills the list with what the search and the filter leave. */
  list() {
    const { stage, ui } = this;
    const query = ui.search.value;
    const filter = `${stage.index} ${ui.changed.checked} ${query}`;
    if (filter !== this.filtered) {
      this.filtered = filter;
      const match = this.model.matcher(query, stage);
      const only = ui.changed.checked && !ui.changed.disabled;
      const rows = stage.rows.filter(row => (!only || row.mark !== 'same') && (!match || match(row)));
      this.listing.show(rows);
      ui.nothing.hidden = rows.length > 0;
      ui.nothing.textContent = match ? `Nothing here has “${query}”.` : 'There is nothing here.';
      ui.found.textContent = match ? `${rows.length} found` : '';
    }
    this.listing.mark(this.listing.items.findIndex(row => row.key === this.state.key));
  }

  /** Draws and describes the selected node. */
  show() {
    const row = this.stage.rowsByKey.get(this.state.key);
    if (row) {
      this.inspector.show(this.stage, row);
      this.draw(row);
    } else {
      this.inspector.clear('Nothing is selected.');
    }
  }

  select(key) {
    if (!this.stage.rowsByKey.has(key)) return;
    this.state.key = key;
    history.replaceState(null, '', `#graph/${this.state.stage}/${key}`);
    this.listing.mark(this.listing.items.findIndex(row => row.key === key));
    this.show();
  }

  draw(row) {
    const { stage, model, ui } = this;
    const two = Boolean(stage.base) && !stage.unchanged;
    ui.drawings.classList.toggle('single', !two);
    const draws = line => ui.constants.checked || model.operation(line) !== 'Constant';
    const after = new Region(stage, draws);
    const before = two ? new Region(stage.base, draws) : null;
    const distance = Math.max(1, Math.min(9, Number(ui.distance.value) || 3));
    const marked = (...marks) => line => marks.includes(stage.rowsByKey.get(model.key(line))?.mark);
    const same = (lines, other) => [...lines].map(line => other.byKey.get(model.key(line)));
    if (row.mark === 'removed') {
      // What was removed together comes first, then what is around it.
      before.grow([row.line], distance + 5, marked('removed', 'rewritten')).grow([row.line], distance);
      after.grow(same(before.lines, stage), distance, marked('added'));
    } else {
      after.grow([row.line], distance);
      // What was removed around the node comes first, then what is still there.
      const seeds = row.before >= 0 ? [row.before] : same(after.lines, stage.base);
      if (two) before.grow(seeds, distance + 5, marked('removed')).grow(same(after.lines, stage.base), 0);
    }
    this.paint(this.drawings.after, after, 'caption-after', two ? 'after' : stage.name);
    if (two) this.paint(this.drawings.before, before, 'caption-before', 'before');
  }

  paint(drawing, region, caption, title) {
    const { stage, model, state } = this;
    drawing.focusLine = region.stage.byKey.get(state.key);
    drawing.show(region, model, state.key, line => stage.rowsByKey.get(model.key(line))?.mark || '');
    this.ui[caption].textContent = `${title}: ${region.lines.size} nodes${region.complete ? '' : ', there is more'}`;
  }

  query(text) {
    this.ui.search.value = text;
    this.searched();
  }

  searched() {
    if (this.state.view === 'overview') this.go('graph', this.model.optimized.index);
    else if (this.ui.graph.hidden) this.refresh();
    else this.list();
  }

  /** The first pass in which a rule did something, with all that it did. */
  rule(rule) {
    const stage = this.model.stages.find(some => some.rules.has(rule));
    this.ui.search.value = '';
    this.go('graph', stage.index);
    this.query(`rule:${rule}`);
    this.listing.select(0);
  }

  listen() {
    const { ui } = this;
    let waiting = 0;
    ui.search.addEventListener('input', () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.searched(), 80);
    });
    ui.search.addEventListener('keydown', event => this.searchKey(event));
    ui.changed.addEventListener('change', () => this.list());
    ui.constants.addEventListener('change', () => this.show());
    ui.distance.addEventListener('change', () => this.show());
    ui.fit.addEventListener('click', () => this.fit());
    ui.help.addEventListener('click', () => ui.keys.showModal());
    ui.theme.addEventListener('click', () => this.theme());
    ui.splitter.addEventListener('pointerdown', () => this.split());
    ui.stages.addEventListener('keydown', event => {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
      event.preventDefault();
      this.step(event.key === 'ArrowDown' ? 1 : -1);
    });
    window.addEventListener('popstate', () => this.restore());
    window.addEventListener('hashchange', () => this.restore());
    window.addEventListener('resize', () => this.fit());
    document.addEventListener('keydown', event => this.shortcut(event));
  }

  searchKey(event) {
    if (event.key === 'Escape') {
      this.query('');
      event.target.blur();
    } else if (event.key === 'Enter') {
      this.searched();
      this.listing.select(0);
      this.ui.listing.focus();
    }
  }

  fit() {
    this.drawings.before.fit();
    this.drawings.after.fit();
  }

  theme() {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
  }

  split() {
    const move = event => {
      const top = this.ui.drawings.getBoundingClientRect().top;
      this.ui.drawings.style.flexBasis = Math.max(60, event.clientY - top) + 'px';
    };
    const end = () => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', end);
      this.fit();
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', end);
  }

  /** To the entry before or after. */
  step(by) {
    const { view, stage } = this.state;
    const at = this.entries.findIndex(entry => entry.view === view && (view !== 'graph' || entry.stage === stage));
    const next = this.entries[at + by];
    if (next) this.go(next.view, next.stage);
  }

  /** To the change before or after the selected row. */
  change(by) {
    const { items, selected } = this.listing;
    for (let i = selected + by; i >= 0 && i < items.length; i += by) {
      if (items[i].mark !== 'same') {
        this.listing.select(i);
        return;
      }
    }
  }

  /** To the first operand or user. */
  neighbour(which) {
    const row = this.stage.rowsByKey.get(this.state.key);
    if (!row) return;
    const home = row.mark === 'removed' ? this.stage.base : this.stage;
    const [line] = which === 'up' ? home.operandLines(row.line) : home.readerLines(row.line);
    if (line !== undefined) this.select(this.model.key(line));
  }

  /** Between a node and its layer. */
  across() {
    const { model } = this;
    if (!model.network || this.state.view !== 'graph') return;
    this.go('graph', this.stage.kind === 'network' ? model.last.index : model.network.index);
  }

  shortcut(event) {
    if (event.target.matches('input') || event.ctrlKey || event.metaKey || event.altKey || this.ui.keys.open) return;
    const actions = {
      '/': () => this.ui.search.select(), '?': () => this.ui.keys.showModal(),
      '[': () => this.step(-1), ']': () => this.step(1),
      j: () => this.listing.move(1), k: () => this.listing.move(-1), n: () => this.change(1), p: () => this.change(-1),
      u: () => this.neighbour('up'), d: () => this.neighbour('down'), o: () => this.go('overview', 0), l: () => this.across(),
      f: () => this.fit(), t: () => this.theme(), c: () => this.ui.changed.click()
    };
    if (actions[event.key]) {
      event.preventDefault();
      actions[event.key]();
    }
  }
}

new Explorer(new Model(JSON.parse(document.getElementById('data').textContent)));
