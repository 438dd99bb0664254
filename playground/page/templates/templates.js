// The template editor: a text, an event to try it on, and the message that becomes of it, drawn while one types.

import { get, post, Refusal } from '../api.js';
import { el } from '../dom.js';
import { samplePicker } from '../panels/samples.js';
import { timeStyles } from '../time.js';
import { Editor } from './editor.js';
import { Preview } from './preview.js';

const pause = 250; // ms without a key before the text is tried
const remembered = 'template';

export class Templates {
  #timer = 0;
  #asking = null;
  #written = new Map(); // what one can begin with, by its value in the list
  #name = 'template'; // of the file to save
  #on = null; // the event to try it on

  /**
   * Needs its elements, what is known of the server, who looks, and a function that takes a file to be saved and says why
   * it cannot be.
   */
  constructor(parts, store, person, save) {
    Object.assign(this, parts, { person, save });
    this.editor = new Editor(parts.editor, () => this.#typed());
    this.preview = new Preview(parts.preview, store, (fault) => this.editor.go(fault));
    this.picker = samplePicker(parts.events, (item) => this.#take(item));
    this.begin.addEventListener('change', () => this.#open(this.#written.get(this.begin.value)));
    this.events.search.addEventListener('focus', () => this.#look());
    this.tidy.addEventListener('click', () => this.#tidy());
    this.copy.addEventListener('click', () => this.#copy());
    this.keep.addEventListener('click', () => this.#keep());
    this.copy.hidden = !navigator.clipboard;
    person.addEventListener('change', () => this.#changed());
  }

  /** Takes the samples from a state; without a program around there are none. */
  load({ host }) {
    this.samples = host?.samples ?? [];
    this.spoken = host?.locales ?? [];
    if (!this.view.hidden) this.#look();
  }

  /** Shows the view, or hides it. */
  show(shown) {
    const opened = shown && this.view.hidden;
    this.view.hidden = !shown;
    if (opened && this.samples) this.#look();
  }

  // Asks what there is to begin with and to try on.
  async #look() {
    try {
      const { starters, saved, events } = await get('templates');
      this.#fill({ Starters: starters, 'Saved on this server': saved });
      const first = !this.editor.value && this.#first(starters);
      if (first) this.editor.replace(first.text);
      this.picker.load([...events.map(received), ...this.samples]);
      if (first) this.picker.choose(first.sample);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.preview.refuse(error.message);
    }
  }

  #first(starters) {
    const text = localStorage.getItem(remembered);
    return text ? { text } : starters[0];
  }

  #fill(groups) {
    const chosen = this.begin.value;
    const option = (group, each) => {
      const value = `${group}/${each.name}`;
      this.#written.set(value, each);
      return el('option', { value }, each.name);
    };
    this.#written.clear();
    this.begin.replaceChildren(el('option', { value: '' }, 'Begin with…'), ...Object.entries(groups)
      .filter(([, all]) => all.length > 0)
      .map(([label, all]) => el('optgroup', { label }, all.map((each) => option(label, each)))));
    this.begin.value = this.#written.has(chosen) ? chosen : '';
  }

  #open(written) {
    if (!written) return;
    const { value } = this.begin;
    this.#name = written.name;
    this.editor.replace(written.text);
    this.picker.choose(written.sample);
    this.begin.value = value;
  }

  #take({ event, name }) {
    this.#on = event ? { event } : { sample: name };
    this.#changed(0);
  }

  #typed() {
    this.begin.value = '';
    this.#changed();
  }

  #changed(wait = pause) {
    clearTimeout(this.#timer);
    if (!this.view.hidden && this.#on) this.#timer = setTimeout(() => this.#try(), wait);
  }

  async #try() {
    localStorage.setItem(remembered, this.editor.value);
    this.#asking?.abort();
    const { signal } = this.#asking = new AbortController();
    const locale = this.spoken.includes(this.person.locale) ? this.person.locale : 'en-US';
    try {
      const tried = await post('templates/try', { text: this.editor.value, locale, ...this.#on }, { signal });
      if (signal.aborted) return;
      this.editor.point(tried.fault);
      this.preview.show(tried, locale);
    } catch (error) {
      if (error.name === 'AbortError') return;
      if (!(error instanceof Refusal)) throw error;
      this.preview.refuse(error.message);
    }
  }

  #tidy() {
    try {
      this.editor.replace(JSON.stringify(JSON.parse(this.editor.value), null, 2));
    } catch {
      this.#changed(0); // which says where it is no JSON
    }
  }

  async #copy() {
    await navigator.clipboard.writeText(this.editor.value);
    this.copy.textContent = 'Copied';
    setTimeout(() => { this.copy.textContent = 'Copy'; }, 1500);
  }

  #keep() {
    const problem = this.save(new File([this.editor.value], `${this.#name}.json`, { type: 'application/json' }));
    if (problem) this.preview.refuse(problem);
  }
}

function received({ id, type, source, at }) {
  return { name: id, type, title: type, detail: `${source}, ${timeStyles.R(new Date(at))}`, group: 'Received', event: id };
}
