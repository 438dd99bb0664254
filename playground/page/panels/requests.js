// What Discord was asked: the last requests of the bot, the newest first.

import { el } from '../dom.js';
import { timeElement, timeStyles } from '../time.js';

const kept = 200;
const effects = { GET: 'reads', DELETE: 'deletes' };

export class Requests {
  /** Needs the list, what to show when nothing is on it, and the switch that leaves the failures only. */
  constructor({ list, none, failures }) {
    Object.assign(this, { list, none, failures });
    failures.addEventListener('click', () => {
      failures.ariaChecked = String(failures.ariaChecked !== 'true');
      this.#count();
    });
  }

  /** Takes the requests so far in place of what was shown. */
  load(requests = []) {
    this.list.replaceChildren(...requests.slice(-kept).reverse().map(row));
    this.#count();
  }

  /** Puts a request on the list. */
  add(request) {
    this.list.prepend(row(request));
    if (this.list.childElementCount > kept) this.list.lastElementChild.remove();
    this.#count();
  }

  #count() {
    const only = this.failures.ariaChecked === 'true';
    const failed = this.list.querySelectorAll('.failed-request').length;
    this.list.classList.toggle('failures-only', only);
    const all = this.list.childElementCount;
    this.none.hidden = (only ? failed : all) > 0;
    this.none.textContent = only && all > 0 ? 'Nothing has failed.' : 'Each request of the bot appears here, the newest first.';
  }
}

function row({ at, method, route, path, status, remaining, bucket }) {
  const date = new Date(at);
  const outcome = level(status);
  return el('li', { class: `request ${outcome === 'fine' ? '' : 'failed-request'}` },
    el('span', { class: `method ${effects[method] ?? 'writes'}` }, method),
    el('code', { title: path }, breakable(route || path)),
    el('p', {},
      el('span', { class: `status ${outcome}` }, String(status)),
      timeElement(date, timeStyles.T(date)),
      bucket && el('span', { title: `Bucket ${bucket}` }, `${remaining} left in the bucket`)));
}

// Lets a long path wrap at its slashes.
function breakable(path) {
  return path.split(/(?=\/)/).flatMap((part) => [el('wbr'), part]);
}

function level(status) {
  if (status === 429) return 'limited';
  return status < 400 ? 'fine' : 'failed';
}
