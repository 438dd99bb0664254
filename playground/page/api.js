// Asks the playground for what the page cannot know, and tells it what the person does.

const unreachable = 'The playground does not answer. Is it still running?';

/** What the playground refused, in a sentence for the person. */
export class Refusal extends Error {}

/** Gets an answer; throws a Refusal when there is none. */
export function get(path, query = {}, options = {}) {
  return request(`${path}?${new URLSearchParams(query)}`, { cache: 'no-store', ...options });
}

/** Sends what the person did and returns the answer, null when it is empty; throws a Refusal when it was refused. */
export function post(path, body, options = {}) {
  const headers = { 'Content-Type': 'application/json' };
  return request(path, { method: 'POST', headers, body: JSON.stringify(body), ...options });
}

async function request(path, options) {
  const answer = await fetch(`api/page/${path}`, options).catch((error) => {
    throw error.name === 'AbortError' ? error : new Refusal(unreachable);
  });
  const content = await read(answer);
  if (!answer.ok) throw new Refusal(content?.error ?? `The playground answered ${answer.status}.`);
  return content;
}

async function read(answer) {
  const text = await answer.text();
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    throw new Refusal(`The playground answered ${answer.status}, with something else than JSON.`);
  }
}
