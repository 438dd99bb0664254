// The drawer of callouts: what Salesforce would send, to be changed, signed and sent.

import { post, Refusal } from '../api.js';
import { codeBlock } from '../copy.js';
import { el } from '../dom.js';
import { jsonProblem } from '../json.js';
import { samplePicker } from './samples.js';

const pause = 300; // ms without a key before the curl line is asked for
const level = (status) => (status < 400 ? 'fine' : 'failed');

export class Callouts {
  #asking = 0;

  /** Needs the elements of the drawer, by the names that the page gives them. */
  constructor(parts) {
    Object.assign(this, parts);
    this.samples = samplePicker(this, (sample) => this.#take(sample));
    for (const input of [this.source, this.type, this.body]) input.addEventListener('input', () => this.#changed());
    this.verdict.addEventListener('click', () => this.#toProblem());
    this.curl.addEventListener('toggle', () => this.#draw());
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  /** Takes the sources and samples from a state; without a program around there are none. */
  load({ host }) {
    const { sources = [], samples = [] } = host ?? {};
    const chosen = this.source.value;
    this.source.replaceChildren(...sources.map((name) => el('option', { value: name }, name)));
    if (sources.includes(chosen)) this.source.value = chosen;
    this.none.hidden = sources.length > 0;
    this.form.hidden = sources.length === 0;
    this.samples.load(samples);
    this.#changed();
  }

  #take({ type, body }) {
    this.type.value = type;
    this.body.value = typeof body === 'string' ? body : JSON.stringify(body, null, 2);
    this.body.scrollTop = 0;
    this.answer.replaceChildren();
    this.#changed();
  }

  #changed() {
    const problem = jsonProblem(this.body.value);
    this.problem = problem;
    this.body.setAttribute('aria-invalid', String(Boolean(problem)));
    this.verdict.disabled = !problem;
    this.verdict.className = problem ? 'verdict failed' : 'verdict fine';
    this.verdict.textContent = problem ? `Line ${problem.line}: ${problem.message}` : 'Valid JSON';
    this.#draw();
  }

  #toProblem() {
    const { at, line } = this.problem;
    this.body.focus();
    this.body.setSelectionRange(at, at + 1);
    this.body.scrollTop = (line - 4) * Number.parseFloat(getComputedStyle(this.body).lineHeight);
  }

  get #callout() {
    return { source: this.source.value, type: this.type.value, body: this.body.value };
  }

  // The curl line is signed, so the program around has to make it.
  #draw() {
    clearTimeout(this.#asking);
    if (!this.curl.open || !this.source.value) return;
    this.#asking = setTimeout(async () => {
      const line = await post('callouts/curl', this.#callout).catch(sentence);
      this.line.replaceChildren(line.curl ? codeBlock(line.curl) : line.problem);
    }, pause);
  }

  async #send() {
    if (this.send.classList.contains('pending')) return;
    this.send.classList.add('pending');
    const began = performance.now();
    const answer = await post('callouts', this.#callout).catch(sentence);
    this.send.classList.remove('pending');
    this.answer.replaceChildren(...this.#shown(answer, Math.round(performance.now() - began)));
  }

  #shown({ problem, status, answer }, took) {
    if (problem) return [el('p', { class: 'failure' }, problem)];
    return [
      el('p', {}, el('strong', { class: `status ${level(status)}` }, String(status)), ` answered within ${took} ms`),
      el('pre', {}, el('code', {}, answer)),
    ];
  }
}

function sentence(error) {
  if (!(error instanceof Refusal)) throw error;
  return { problem: error.message };
}
