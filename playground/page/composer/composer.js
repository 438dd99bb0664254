// Where commands are typed. Nothing else can be said here: the people of the local Discord have only the bot to talk to.

import { Refusal } from '../api.js';
import { called, channelKinds } from '../store.js';
import { named, typedOut } from './commands.js';
import { Draft } from './draft.js';
import { filesDropped } from './files.js';
import { Guide } from './guide.js';
import { Hints } from './hints.js';
import { keys, slashAnywhere } from './keys.js';

const onlyCommands = 'Only commands can be sent here: type / and choose one.';

export class Composer {
  commands = [];

  /** Needs its elements, what is known, who types, and a function that runs what was typed. */
  constructor({ form, chips, input, ...panel }, store, person, run) {
    const heard = {
      input: ({ target }) => this.#typed(target), focus: () => this.guide.show(), change: ({ target }) => target.type === 'file' && this.#goOn(),
    };
    Object.assign(this, { form, input, person, run, hints: new Hints(panel), draft: new Draft(chips, store, heard) });
    this.guide = new Guide(this, this.hints);
    for (const [type, listener] of Object.entries(heard)) input.addEventListener(type, listener);
    form.addEventListener('keydown', keys(this));
    form.addEventListener('focusout', ({ relatedTarget }) => !form.contains(relatedTarget) && this.hints.hide());
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.send();
    });
    slashAnywhere(input);
    filesDropped(form, this);
  }

  /** Takes the commands that the person is offered. When they are others than before, what was begun is dropped. */
  offer(commands) {
    if (JSON.stringify(commands) === JSON.stringify(this.commands)) return;
    this.commands = commands;
    this.draft.clear();
    if (this.form.contains(document.activeElement)) this.guide.show();
  }

  /** Says which channel commands are run in. In a forum there are only posts to do so in. */
  open(channel) {
    this.channel = channel;
    this.form.hidden = channelKinds[channel.type] === 'forum';
    this.input.placeholder = `Type / to use a command in ${called(channel)}`;
  }

  /** Tells whether a command is offered to who types. */
  offers(path) {
    return this.commands.some((command) => command.path === path);
  }

  /** Begins a command; `rest` are its options as text. */
  begin(command, rest = '') {
    const { draft, input } = this;
    draft.begin(command, this.person.locale);
    input.value = '';
    const { before, given } = named(command.options, rest);
    if (before) draft.fields[0]?.fill(before);
    for (const { option, text } of given) draft.add(option).fill(text);
    this.#goOn();
  }

  /** Adds an option to the command. */
  add(option) {
    this.input.value = '';
    this.draft.add(option).input.focus();
  }

  /** Takes an entry as the value of an option. */
  pick(field, entry) {
    field.pick(entry);
    this.#goOn();
  }

  /** Sends the command, unless something is wrong with it. */
  async send() {
    const { draft, guide, hints, input } = this;
    if (!draft.command) {
      if (input.value) guide.refuse('', input.value.startsWith('/') ? guide.unknown : onlyCommands);
      return;
    }
    const wrong = draft.check();
    if (wrong || input.value) {
      (wrong?.input ?? input).focus();
      guide.show();
      return;
    }
    const { options, command } = draft;
    const files = await draft.files();
    const kept = draft.take();
    input.focus();
    hints.hide();
    try {
      await this.run(this.channel, command.path, options, files);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!draft.command && !input.value) draft.putBack(kept);
      guide.refuse(`/${command.label}`, error.message);
    }
  }

  /** Drops what was typed. Returns whether there was something. */
  cancel() {
    const had = Boolean(this.draft.command || this.input.value);
    this.draft.clear();
    this.input.value = '';
    this.input.focus();
    this.guide.show();
    return had;
  }

  /** Goes back from an empty input: an option that is not needed goes; before the first one, the command is text again. */
  back(target) {
    const { draft } = this;
    if (!draft.command) return false;
    const field = draft.fieldOf(target);
    const at = field ? draft.fields.indexOf(field) : draft.fields.length;
    const goes = field && !field.option.required;
    if (goes) draft.remove(field);
    if (at > 0) draft.fields[at - 1].input.focus();
    else if (goes) this.input.focus();
    else this.#untake();
    return true;
  }

  /** Goes from an input to the one before or behind it. */
  go(target, by) {
    const inputs = [...this.draft.fields.map((field) => field.input), this.input];
    const next = inputs[inputs.indexOf(target) + by];
    next?.focus();
    return Boolean(next);
  }

  #typed(target) {
    const { commands, draft, input } = this;
    if (draft.command && this.#split(target)) return;
    draft.fieldOf(target)?.typed();
    const out = !draft.command && input.value.startsWith('/') && typedOut(commands, input.value.slice(1));
    if (out) this.begin(out.command, out.rest);
    else this.guide.show();
  }

  // Where the name of an option is typed with a colon, what follows is for that option.
  #split(target) {
    const { draft } = this;
    const { before, given } = named(draft.awaited(target), target.value);
    if (given.length === 0) return false;
    target.value = before;
    draft.fieldOf(target)?.typed();
    for (const { option, text } of given) draft.add(option).fill(text);
    draft.add(given.at(-1).option).input.focus();
    return true;
  }

  // To the next option that is still empty, or behind them all.
  #goOn() {
    (this.draft.fields.find(({ blank }) => blank)?.input ?? this.input).focus();
    this.guide.show();
  }

  #untake() {
    this.input.value = `/${this.draft.command.label}`;
    this.draft.clear();
    this.input.focus();
    this.guide.show();
  }
}
