// The composer's keys, as in Discord: arrows choose, Tab and Enter take, Enter sends, Escape and Backspace go back. Where a
// file is wanted, Enter lets one choose it.

const atStart = ({ type, selectionStart, selectionEnd }) => type === 'file' || (selectionStart === 0 && selectionEnd === 0);
const atEnd = ({ type, selectionStart, value }) => type === 'file' || selectionStart === value.length;

/** Returns the listener for a composer's keys. */
export function keys(composer) {
  const { hints } = composer;
  const empty = (target) => (composer.draft.fieldOf(target).put(null), true);
  const take = () => hints.active && (hints.active.choose(), true);
  const keyed = {
    ArrowDown: () => hints.open && (hints.move(1), true),
    ArrowUp: () => hints.open && (hints.move(-1), true),
    Tab: (event) => !event.shiftKey && take(),
    Enter: ({ target }) => (target.type !== 'file' || target.value !== '') && (take() || (composer.send(), true)),
    Escape: () => (hints.open ? (hints.close(), true) : composer.cancel()),
    Backspace: ({ target }) => (target.value === '' ? composer.back(target) : target.type === 'file' && empty(target)),
    ArrowLeft: ({ target }) => atStart(target) && composer.go(target, -1),
    ArrowRight: ({ target }) => atEnd(target) && composer.go(target, 1),
  };
  return (event) => {
    if (event.isComposing || event.target.tagName !== 'INPUT') return;
    if (!keyed[event.key]?.(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
}

/** Lets a slash that is typed anywhere on the page begin a command. */
export function slashAnywhere(input) {
  document.addEventListener('keydown', (event) => {
    const elsewhere = event.target.closest('input, textarea, select, dialog, [popover]');
    if (event.key !== '/' || event.ctrlKey || event.metaKey || elsewhere || input.closest('[inert], [hidden]')) return;
    input.focus();
  });
}
