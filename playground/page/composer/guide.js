// What the panel above the composer shows, by what is being typed: a command, one of its options, or a value.

import { el, icon } from '../dom.js';
import { matching } from './commands.js';
import { Completion } from './completion.js';
import { narrowed } from './suggestions.js';
import { limits } from './values.js';

export class Guide {
  /** Needs the composer, whose draft it reads and whose `begin`, `add` and `pick` it offers. */
  constructor(composer, hints) {
    Object.assign(this, { composer, hints, completion: new Completion(composer) });
  }

  /** Shows what can be typed where the focus is. */
  show() {
    const { draft, input } = this.composer;
    const field = draft.fieldOf(document.activeElement);
    this.completion.stop();
    if (field) this.#values(field);
    else if (draft.command) this.#options(draft);
    else if (input.value.startsWith('/')) this.#commands(input.value);
    else this.hints.hide();
  }

  /** Says that something cannot be sent, and why. */
  refuse(title, problem) {
    this.hints.show(this.composer.input, { title, problem });
  }

  /** Says why there is no such command. */
  get unknown() {
    const { commands, input, person } = this.composer;
    if (commands.length > 0) return `No command matches “${input.value}”.`;
    return `There is no command here that ${person.user.username} may use.`;
  }

  #commands(typed) {
    const { composer } = this;
    const items = matching(composer.commands, typed.slice(1)).map((command) => ({
      label: `/${command.label}`, detail: command.description, icon: icon('slash'), choose: () => composer.begin(command),
    }));
    this.hints.show(composer.input, { title: items.length > 0 ? 'Commands' : this.unknown, items });
  }

  #options(draft) {
    const { composer } = this;
    const typed = composer.input.value;
    const left = draft.left.map((option) => ({ label: option.label, detail: option.explained, choose: () => composer.add(option) }));
    const items = narrowed(left, typed.replace(/:$/, ''));
    const title = [el('strong', {}, `/${draft.command.label}`),
      left.length > 0 ? ' Press Enter to send, or add an option:' : ' Press Enter to send.'];
    const problem = typed && items.length === 0 ? `This command has no option “${typed}”.` : '';
    this.hints.show(composer.input, { title, problem, items, active: typed ? 0 : -1 });
  }

  #values(field) {
    const { option, input, picked, problem } = field;
    const show = (entries, note = limits(option)) => {
      const items = entries.map((entry) => ({ ...entry, choose: () => this.composer.pick(field, entry) }));
      const active = Math.max(entries.findIndex(({ value }) => value === picked?.value), 0);
      const title = [el('strong', {}, option.label), ` ${option.explained}`, note ? el('span', { class: 'hint-note' }, note) : ''];
      this.hints.show(input, { title, problem: problem ?? '', items, active });
    };
    if (option.autocomplete) this.completion.start(field, show);
    else show(picked ? field.entries : narrowed(field.entries, field.text));
  }
}
