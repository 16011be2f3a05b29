/* Draws a part of a graph in layers, operands above what reads them. */

const SVG = 'http://www.w3.org/2000/svg';
const BOX_HEIGHT = 38;
const LAYER_GAP = 34;
const BOX_GAP = 16;
const MOST_NODES = 48;

function svg(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function shorten(text, length) {
  if (text.length <= length) return text;
  const head = Math.floor(length / 3);
  return text.slice(0, head) + '…' + text.slice(text.length - (length - head - 1));
}

/** Which part of a stage is drawn: what lies around some lines. */
class Region {
  /** @param draws whether a line is drawn at all */
  constructor(stage, draws) {
    this.stage = stage;
    this.draws = draws;
    this.lines = new Set();
    this.complete = true;
  }

  /** Adds lines, and what is within a distance of them in steps that are allowed. */
  grow(seeds, distance, allowed = () => true) {
    let border = seeds.filter(line => line !== undefined);
    border.forEach(line => this.lines.add(line));
    const seen = new Set(border);
    for (let step = 0; step < distance && border.length; step++) {
      const next = [];
      for (const line of border) {
        const near = [...this.stage.operandLines(line), ...this.stage.readerLines(line).slice(0, 12)];
        for (const neighbour of near) {
          if (seen.has(neighbour) || !this.draws(neighbour) || !allowed(neighbour)) continue;
          if (this.lines.size >= MOST_NODES) {
            this.complete = false;
            return this;
          }
          seen.add(neighbour);
          this.lines.add(neighbour);
          next.push(neighbour);
        }
      }
      border = next;
    }
    return this;
  }
}

/** Positions for the boxes of a region and points for its edges. */
class Layout {
  constructor(region, model) {
    const { stage } = region;
    const order = [...region.lines].sort((a, b) => stage.positions.get(model.key(a)) - stage.positions.get(model.key(b)));
    this.boxes = new Map(order.map(line => [line, Layout.box(line, stage, model)]));
    this.edges = [];
    for (const box of this.boxes.values()) this.connect(box, stage);
    this.assignLayers();
    this.insertPoints();
    this.orderLayers();
    this.assignPositions();
  }

  static box(line, stage, model) {
    const constants = stage.operandLines(line).filter(operand => model.operation(operand) === 'Constant').length;
    const operation = shorten(model.operation(line) + (constants ? ` +${constants}` : ''), 26);
    const title = shorten(model.title(line), 32);
    const width = Math.max(70, 16 + 7.4 * operation.length, 14 + 6.2 * title.length);
    return { line, operation, title, width, above: [], below: [], layer: 0, x: 0 };
  }

  connect(box, stage) {
    for (const operand of stage.operandLines(box.line)) {
      const from = this.boxes.get(operand);
      if (from) this.edges.push({ from, to: box, path: [] });
    }
  }

  /** As far up as operands allow, then sources down to what reads them. */
  assignLayers() {
    const incoming = group(this.edges, edge => edge.to);
    const outgoing = group(this.edges, edge => edge.from);
    for (const box of this.boxes.values()) {
      for (const edge of incoming.get(box) || []) box.layer = Math.max(box.layer, edge.from.layer + 1);
    }
    for (const box of [...this.boxes.values()].reverse()) {
      if (!incoming.has(box) && outgoing.has(box)) {
        box.layer = Math.min(...outgoing.get(box).map(edge => edge.to.layer)) - 1;
      }
    }
  }

  /** Edges over several layers go through a point in each layer between. */
  insertPoints() {
    this.layers = [];
    const place = item => (this.layers[item.layer] ??= []).push(item);
    this.boxes.forEach(place);
    for (const edge of this.edges) {
      let last = edge.from;
      for (let layer = edge.from.layer + 1; layer < edge.to.layer; layer++) {
        const point = { width: 8, above: [last], below: [], layer, x: 0 };
        last.below.push(point);
        edge.path.push(point);
        place(point);
        last = point;
      }
      last.below.push(edge.to);
      edge.to.above.push(last);
    }
    this.layers = this.layers.filter(layer => layer);
  }

  /** Neighbours move towards the middle of what they are connected with. */
  orderLayers() {
    for (let sweep = 0; sweep < 8; sweep++) {
      const down = sweep % 2 === 0;
      for (const layer of down ? this.layers : [...this.layers].reverse()) {
        layer.forEach((item, i) => { item.rank = Layout.mean(down ? item.above : item.below, other => other.order, i); });
        layer.sort((a, b) => a.rank - b.rank);
        layer.forEach((item, i) => { item.order = i; });
      }
    }
  }

  static mean(items, of, otherwise) {
    return items.length ? items.reduce((sum, item) => sum + (of(item) ?? otherwise), 0) / items.length : otherwise;
  }

  assignPositions() {
    for (const layer of this.layers) Layout.spread(layer, layer.map(() => 0));
    for (let sweep = 0; sweep < 10; sweep++) {
      const down = sweep % 2 === 0;
      for (const layer of down ? this.layers : [...this.layers].reverse()) {
        const wanted = layer.map(item => Layout.mean(down ? item.above : item.below, other => other.x, item.x));
        Layout.spread(layer, wanted);
      }
    }
    this.layers.forEach((layer, i) => layer.forEach(item => { item.y = i * (BOX_HEIGHT + LAYER_GAP); }));
  }

  /** Puts a layer's items where they want to be, without overlap. */
  static spread(layer, wanted) {
    const gap = (a, b) => (a.width + b.width) / 2 + BOX_GAP;
    const left = [];
    const right = [];
    layer.forEach((item, i) => {
      left[i] = i ? Math.max(wanted[i], left[i - 1] + gap(layer[i - 1], item)) : wanted[i];
    });
    for (let i = layer.length - 1; i >= 0; i--) {
      right[i] = i < layer.length - 1 ? Math.min(wanted[i], right[i + 1] - gap(item(i), item(i + 1))) : wanted[i];
    }
    function item(i) { return layer[i]; }
    layer.forEach((each, i) => { each.x = (left[i] + right[i]) / 2; });
  }

  get bounds() {
    const boxes = [...this.boxes.values()];
    const left = Math.min(...boxes.map(box => box.x - box.width / 2));
    const right = Math.max(...boxes.map(box => box.x + box.width / 2));
    return { x: left - 14, y: -14, width: right - left + 28, height: this.layers.length * (BOX_HEIGHT + LAYER_GAP) - LAYER_GAP + 28 };
  }
}

/** An SVG that shows a layout; dragging moves it, the wheel zooms. */
class Drawing {
  constructor(element, onSelect) {
    this.element = element;
    this.onSelect = onSelect;
    this.view = { x: 0, y: 0, scale: 1 };
    element.addEventListener('wheel', event => this.zoom(event), { passive: false });
    element.addEventListener('pointerdown', event => this.drag(event));
    element.addEventListener('click', event => {
      const node = event.target.closest('.node');
      if (node && !this.moved) onSelect(Number(node.dataset.key));
    });
    element.addEventListener('keydown', event => {
      const node = event.target.closest('.node');
      if (node && (event.key === 'Enter' || event.key === ' ')) {
        event.preventDefault();
        onSelect(Number(node.dataset.key));
      }
    });
  }

  /** @param markOf the class of a line */
  show(region, model, selected, markOf) {
    this.layout = region.lines.size ? new Layout(region, model) : null;
    this.selected = selected;
    this.content = svg('g', {});
    const arrow = svg('marker', { id: this.element.id + '-arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerUnits: 'userSpaceOnUse', markerWidth: 8, markerHeight: 8, orient: 'auto' },
      svg('path', { d: 'M0 0L8 4L0 8z', class: 'arrow' }));
    this.element.replaceChildren(svg('defs', {}, arrow), this.content);
    if (!this.layout) return;
    for (const edge of this.layout.edges) this.content.append(this.edge(edge, model));
    for (const box of this.layout.boxes.values()) this.content.append(this.node(box, model, markOf(box.line)));
    this.fit();
  }

  edge({ from, to, path }, model) {
    const points = [{ x: from.x, y: from.y + BOX_HEIGHT }];
    for (const point of path) points.push({ x: point.x, y: point.y }, { x: point.x, y: point.y + BOX_HEIGHT });
    points.push({ x: to.x, y: to.y });
    let d = `M${points[0].x} ${points[0].y}`;
    for (let i = 1; i < points.length; i++) {
      const [a, b] = [points[i - 1], points[i]];
      const bend = (b.y - a.y) / 2;
      d += `C${a.x} ${a.y + bend} ${b.x} ${b.y - bend} ${b.x} ${b.y}`;
    }
    const near = model.key(from.line) === this.selected || model.key(to.line) === this.selected;
    return svg('path', { d, class: near ? 'edge selected' : 'edge', 'marker-end': `url(#${this.element.id}-arrow)` });
  }

  node(box, model, mark) {
    const key = model.key(box.line);
    const names = ['node', mark, model.weight(box.line), key === this.selected ? 'selected' : ''];
    const element = svg('g', { class: names.join(' '), tabindex: 0, role: 'button', 'data-key': key, 'aria-label': `${box.operation} ${model.title(box.line)} ${mark}` },
      svg('rect', { x: box.x - box.width / 2, y: box.y, width: box.width, height: BOX_HEIGHT }),
      svg('text', { x: box.x, y: box.y + 16, class: 'operation' }, box.operation),
      svg('text', { x: box.x, y: box.y + 30, class: 'title' }, box.title));
    element.append(svg('title', {}, model.text(box.line)));
    return element;
  }

  fit() {
    if (!this.layout) return;
    const { x, y, width, height } = this.layout.bounds;
    const { clientWidth, clientHeight } = this.element;
    const scale = Math.min(1.15, clientWidth / width, clientHeight / height);
    // Text stays readable: what does not fit then is around the selected node.
    const readable = Math.max(scale, 0.6);
    const box = [...this.layout.boxes.values()].find(some => some.line === this.focusLine);
    const focus = box ? { x: box.x, y: box.y + BOX_HEIGHT / 2 } : { x: x + width / 2, y: y + height / 2 };
    this.view = {
      x: Drawing.offset(x * readable, width * readable, clientWidth, focus.x * readable),
      y: Drawing.offset(y * readable, height * readable, clientHeight, focus.y * readable),
      scale: readable
    };
    this.apply();
  }

  /** Where an extent begins: in the middle if there is room, else around the focus, with no room wasted. */
  static offset(start, extent, room, focus) {
    if (extent <= room) return (room - extent) / 2 - start;
    return Math.min(-start, Math.max(room - start - extent, room / 2 - focus));
  }

  apply() {
    this.content.setAttribute('transform', `translate(${this.view.x} ${this.view.y}) scale(${this.view.scale})`);
  }

  zoom(event) {
    if (!this.layout) return;
    event.preventDefault();
    const { left, top } = this.element.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const scale = Math.min(4, Math.max(0.05, this.view.scale * Math.exp(-event.deltaY / 500)));
    const factor = scale / this.view.scale;
    this.view = { x: x - (x - this.view.x) * factor, y: y - (y - this.view.y) * factor, scale };
    this.apply();
  }

  drag(start) {
    this.moved = false;
    if (!this.layout || start.button !== 0) return;
    const { x, y } = this.view;
    const move = event => {
      const [dx, dy] = [event.clientX - start.clientX, event.clientY - start.clientY];
      if (Math.abs(dx) + Math.abs(dy) > 4) this.moved = true;
      if (!this.moved) return;
      Object.assign(this.view, { x: x + dx, y: y + dy });
      this.apply();
    };
    const end = () => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', end);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', end);
  }
}
