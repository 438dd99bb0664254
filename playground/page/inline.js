// What Discord's markdown allows within a line, read into a tree: strings, and objects with a type.

const maxDepth = 12; // nobody nests deeper, and it bounds the work that a hostile text can ask for

// The rules, in the order they are tried: a sticky pattern, and what it makes of a match; `inner` reads the text within.
const rules = [
  [/\\([^0-9A-Za-z\s])/y, ([, char]) => char],
  [/```(?:([\w+.#-]+)\n)?\n*([^\n][\s\S]*?)\n*```\n?/y, ([, language, text]) => ({ type: 'fence', language, text })],
  [/(`+)([\s\S]*?[^`])\1(?!`)/y, ([, , text]) => ({ type: 'code', text: text.replace(/^ (?= *`)|(` *) $/g, '$1') })],
  [/\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/y, ([, text], inner) => ({ type: 'bold', children: inner(text) })],
  [/__((?:\\[\s\S]|[^\\])+?)__(?!_)/y, ([, text], inner) => ({ type: 'underline', children: inner(text) })],
  [/_((?:__|\\[\s\S]|[^\\_])+?)_(?!\w)/y, ([, text], inner) => ({ type: 'italic', children: inner(text) })],
  [/\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/y,
    ([, text], inner) => ({ type: 'italic', children: inner(text) })],
  [/~~([\s\S]+?)~~/y, ([, text], inner) => ({ type: 'strike', children: inner(text) })],
  [/\|\|([\s\S]+?)\|\|/y, ([, text], inner) => ({ type: 'spoiler', children: inner(text) })],
  [/\[((?:\\[\s\S]|\[[^[\]]*\]|[^[\]\\])+)\]\(\s*<?(https?:\/\/(?:\([^()\s]*\)|[^\s()<>])+)>?(?:\s+"[^"\n]*")?\s*\)/iy,
    ([, text, address], inner) => ({ type: 'link', address, children: inner(text, false) })],
  [/<(https?:\/\/[^\s<>]+)>/iy, ([, address]) => ({ type: 'link', address, children: [address] })],
  [/https?:\/\/(?:\([^\s<()]*\)|[^\s<()])*(?:\([^\s<()]*\)|[^\s<().,:;"'\]])/iy,
    ([address]) => ({ type: 'link', address, children: [address] })],
  [/<t:(-?\d{1,13})(?::([tTdDfFsSR]))?>/y, ([, unix, style]) => ({ type: 'time', unix: Number(unix), style: style ?? 'f' })],
  [/<@!?(\d+)>/y, ([, id]) => ({ type: 'user', id })],
  [/<@&(\d+)>/y, ([, id]) => ({ type: 'role', id })],
  [/<#(\d+)>/y, ([, id]) => ({ type: 'channel', id })],
  [/<(\/[^:<>\n]+):\d+>/y, ([, name]) => ({ type: 'command', name })],
  [/<a?(:\w+:)\d+>/y, ([, name]) => ({ type: 'emoji', name })],
  [/@(?:everyone|here)\b/y, ([name]) => ({ type: 'everyone', name })],
];
const mentions = new Set(['user', 'role', 'channel', 'command', 'everyone']);
const nothingSpecial = /[^\\`*_~|[<h@]+/iy; // no rule begins with any of these

/** Reads a text. Without links (in a title, or within another link) their words remain, and mentions stay unresolved. */
export function inline(text, links = true, depth = 0) {
  const inner = (within, linksWithin = links) => inline(within, linksWithin, depth + 1);
  const nodes = [];
  for (let at = 0; at < text.length;) {
    const [node, length] = matchAt(nothingSpecial, text, at, ([run]) => run)
      ?? (depth < maxDepth ? firstRule(text, at, inner) : null)
      ?? [text[at], 1];
    for (const each of links ? [node] : unlinked(node, text.slice(at, at + length))) append(nodes, each);
    at += length;
  }
  return nodes;
}

function unlinked(node, source) {
  if (node.type === 'link') return node.children;
  return mentions.has(node.type) ? [source] : [node];
}

function firstRule(text, at, inner) {
  for (const [pattern, make] of rules) {
    const hit = matchAt(pattern, text, at, make, inner);
    if (hit) return hit;
  }
  return null;
}

function matchAt(pattern, text, at, make, inner) {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match && [make(match, inner), match[0].length];
}

function append(nodes, node) {
  if (typeof node === 'string' && typeof nodes.at(-1) === 'string') nodes[nodes.length - 1] += node;
  else nodes.push(node);
}
