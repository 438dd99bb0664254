// What Discord was asked: the last requests of the bot, the newest first.

import { el } from './dom.js';
import { timeElement, timeStyles } from './time.js';

const kept = 100;
const effects = { GET: 'reads', DELETE: 'deletes' };

/** Returns a function that puts a request on the list. */
export function requestLog(list, none) {
  return (request) => {
    none.hidden = true;
    list.prepend(row(request));
    if (list.childElementCount > kept) list.lastElementChild.remove();
  };
}

function row({ at, method, route, path, status, remaining, bucket }) {
  const date = new Date(at);
  return el('li', { class: 'request' },
    el('span', { class: `method ${effects[method] ?? 'writes'}` }, method),
    el('code', { title: path }, breakable(route || path)),
    el('p', {},
      el('span', { class: `status ${level(status)}` }, String(status)),
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
