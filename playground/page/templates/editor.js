// Where a template is written: a text with numbered lines, one of which can be marked.

const above = 3; // lines that stay in sight above the one that is gone to
const before = 12; // characters, where the line is too long to be seen as a whole

export class Editor {
  #lines = 0;

  /** Needs its elements and a function that is called when the text is another. */
  constructor({ frame, numbers, mark, text }, changed) {
    Object.assign(this, { frame, numbers, mark, text });
    text.addEventListener('input', () => {
      this.#number();
      changed();
    });
    text.addEventListener('scroll', () => frame.style.setProperty('--scrolled', `${text.scrollTop}px`), { passive: true });
    this.#number();
  }

  get value() {
    return this.text.value;
  }

  /** Puts another text in place of this one. It can be undone like anything that is typed. */
  replace(value) {
    const { text } = this;
    if (!text.value || !this.#type(value)) {
      text.value = value;
      text.dispatchEvent(new Event('input'));
    }
    text.setSelectionRange(0, 0);
    text.scrollTo(0, 0);
  }

  /** Marks the line where something is wrong, null for none. */
  point(fault) {
    const wrong = fault !== null;
    this.text.setAttribute('aria-invalid', String(wrong));
    this.mark.hidden = !fault?.line;
    this.frame.style.setProperty('--line', (fault?.line ?? 1) - 1);
  }

  /** Goes to where something is wrong and selects it. */
  go({ line, column, piece }) {
    const { text } = this;
    const { fontSize, lineHeight } = getComputedStyle(text);
    const at = this.#offset(line, column);
    text.focus();
    text.setSelectionRange(at, at + (piece && text.value.startsWith(piece, at) ? piece.length : 1));
    const character = Number.parseFloat(fontSize) * .6;
    const beside = (column + piece.length) * character > text.clientWidth ? (column - before) * character : 0;
    text.scrollTo(beside, (line - 1 - above) * Number.parseFloat(lineHeight));
  }

  // Types a text over this one, which only works where the focus is. Returns whether it does.
  #type(value) {
    const focused = document.activeElement;
    this.text.focus({ preventScroll: true });
    this.text.select();
    const done = document.execCommand('insertText', false, value);
    focused.focus({ preventScroll: true });
    return done;
  }

  // Columns count characters, and the browser counts in UTF-16.
  #offset(line, column) {
    const lines = this.text.value.split('\n');
    const start = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
    return start + [...lines[line - 1] ?? ''].slice(0, Math.max(column - 1, 0)).join('').length;
  }

  #number() {
    const lines = this.text.value.split('\n').length;
    if (lines === this.#lines) return;
    this.#lines = lines;
    this.numbers.textContent = Array.from({ length: lines }, (_, at) => at + 1).join('\n');
  }
}
