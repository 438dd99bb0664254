// Where a JSON text goes wrong. The browser's own parser does not always say.

const text = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/;
const token = new RegExp(`[{}[\\]:,]|${text.source}|${number.source}|true|false|null`, 'y');
const space = /[ \t\n\r]*/y;

/** Returns what is wrong with a JSON text and where ({ at, line, message }), null when nothing is. */
export function jsonProblem(json) {
  try {
    JSON.parse(json);
    return null;
  } catch {
    const at = failsAt(json);
    const message = at < json.length ? `unexpected ${shown(json.slice(at))}` : 'the text ends too early';
    return { at, line: json.slice(0, at).split('\n').length, message };
  }
}

function shown(rest) {
  const [word] = /^(?:\w+|"[^"\n]{0,20}"?|[^])/u.exec(rest);
  return word.trim() || 'line break';
}

// Follows what may come next: a value, a key, a colon, or what separates values and ends.
function failsAt(json) {
  const open = []; // the brackets around
  let wanted = 'value';
  for (let at = 0;;) {
    at += match(space, json, at).length;
    const found = match(token, json, at);
    const next = found && follow(found, wanted, open);
    if (!next) return at;
    wanted = next;
    at += found.length;
  }
}

// Returns what is wanted after a token, null when the token itself was not.
function follow(found, wanted, open) {
  const value = !/^[}\]:,]$/.test(found);
  if (found === ':') return wanted === 'colon' ? 'value' : null;
  if (found === ',') return wanted === 'comma' && open.length > 0 ? (open.at(-1) === '{' ? 'key' : 'value') : null;
  if (found === '}' || found === ']') {
    const ends = found === '}' ? ['{', 'key or end'] : ['[', 'value or end'];
    return open.at(-1) === ends[0] && (wanted === 'comma' || wanted === ends[1]) ? (open.pop(), 'comma') : null;
  }
  if (wanted.startsWith('key')) return found.startsWith('"') ? 'colon' : null;
  if (!value || !wanted.startsWith('value')) return null;
  if (found !== '{' && found !== '[') return 'comma';
  open.push(found);
  return found === '{' ? 'key or end' : 'value or end';
}

function match(pattern, json, at) {
  pattern.lastIndex = at;
  return pattern.exec(json)?.[0] ?? '';
}
