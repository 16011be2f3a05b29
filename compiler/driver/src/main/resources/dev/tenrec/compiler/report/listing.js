/* Lists of any length: only the rows in sight are elements. */

const ROW_HEIGHT = 22;

function html(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'class') element.className = value;
    else if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value !== null) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

class Listing {
  /**
   * @param render makes the cells of an item, for a width in pixels
   * @param onSelect is told an item and its index
   */
  constructor(element, render, onSelect) {
    Object.assign(this, { element, render, onSelect, items: [], selected: -1 });
    element.classList.add('listing');
    this.content = html('div', { style: 'position:relative' });
    element.replaceChildren(this.content);
    element.addEventListener('scroll', () => this.paint(), { passive: true });
    element.addEventListener('keydown', event => this.key(event));
    this.content.addEventListener('click', event => {
      const row = event.target.closest('.row');
      if (row) this.select(Number(row.dataset.index));
    });
    new ResizeObserver(() => this.paint()).observe(element);
  }

  show(items) {
    this.items = items;
    this.selected = -1;
    this.content.style.height = items.length * ROW_HEIGHT + 'px';
    this.painted = '';
    this.paint();
  }

  paint() {
    const first = Math.max(0, Math.floor(this.element.scrollTop / ROW_HEIGHT) - 8);
    const last = Math.min(this.items.length, Math.ceil((this.element.scrollTop + this.element.clientHeight) / ROW_HEIGHT) + 8);
    const painted = `${first} ${last} ${this.selected} ${this.element.clientWidth}`;
    if (painted === this.painted) return;
    this.painted = painted;
    const rows = [];
    for (let i = first; i < last; i++) {
      const row = this.render(this.items[i], this.element.clientWidth);
      row.classList.add('row');
      row.classList.toggle('selected', i === this.selected);
      row.style.top = i * ROW_HEIGHT + 'px';
      row.dataset.index = i;
      row.id = `${this.element.id}-${i}`;
      row.setAttribute('role', 'option');
      row.setAttribute('aria-selected', i === this.selected);
      rows.push(row);
    }
    this.content.replaceChildren(...rows);
    this.element.setAttribute('aria-activedescendant', this.selected < 0 ? '' : `${this.element.id}-${this.selected}`);
  }

  /** Marks an item without telling anyone, and scrolls to it. */
  mark(index) {
    this.selected = index;
    if (index >= 0) {
      const top = index * ROW_HEIGHT;
      const { scrollTop, clientHeight } = this.element;
      if (top < scrollTop || top + ROW_HEIGHT > scrollTop + clientHeight) {
        this.element.scrollTop = top - clientHeight / 2;
      }
    }
    this.paint();
  }

  select(index) {
    if (index < 0 || index >= this.items.length) return;
    this.mark(index);
    this.onSelect(this.items[index], index);
  }

  move(step) {
    const target = this.selected < 0 ? 0 : this.selected + step;
    this.select(Math.max(0, Math.min(this.items.length - 1, target)));
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW_HEIGHT) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -this.items.length, End: this.items.length };
    if (!(event.key in steps) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.move(steps[event.key]);
  }
}

/** The cells of a row of a stage. Names lose their middle, because their ends tell them apart. */
function renderRow(model, row, width) {
  const { line, mark } = row;
  const letters = Math.max(16, Math.floor((width - 70) * 0.3 / 7.3) - 3 * model.depth(line));
  const operands = model.operands(line).map(value => shorten(model.name(value), 36)).join(', ');
  const element = html('div', { class: `${mark} ${model.weight(line)}` },
    html('span', { class: 'mark' }, SIGNS[mark]),
    html('span', { class: 'title' }, shorten(model.title(line), letters)),
    html('span', { class: 'body' },
      html('span', { class: 'operation' }, model.operation(line)),
      html('span', { class: 'attributes' }, shorten(model.attributes(line), 160)),
      model.isLayer(line) ? '' : `(${operands})`),
    html('span', { class: 'type' }, model.type(line)));
  if (model.depth(line)) element.style.paddingLeft = 22 * model.depth(line) + 'px';
  return element;
}
