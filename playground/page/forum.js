// A forum: its posts, each a channel of its own.

import { nameOf } from './avatar.js';
import { el, icon } from './dom.js';
import { compare } from './store.js';
import { stamp, timeElement } from './time.js';

/** Draws a forum, with the posts that something was said in last at the top, and those that are archived below. */
export function forum(channel, store) {
  const posts = store.threads(channel.id).map((post) => ({ post, messages: store.messages(post.id) }))
    .sort((a, b) => compare(newest(b), newest(a)));
  const [active, archived] = [false, true].map((is) => posts.filter(({ post }) => Boolean(post.archived) === is));
  return el('section', { class: 'intro' },
    el('span', { class: 'intro-icon' }, icon('forum')),
    el('h3', {}, `Welcome to ${channel.name}!`),
    el('p', {}, posts.length > 0 ? 'Every post of this forum:' : 'There are no posts yet. Those of Dispatch appear here.'),
    tags(channel.available_tags?.map(({ name }) => name), channel.tag_required && 'Each post needs one of these tags:'),
    active.map((each) => card(each, store)),
    archived.length > 0 && [el('h4', { class: 'older-posts' }, 'Older posts'), archived.map((each) => card(each, store))]);
}

function newest({ post, messages }) {
  return messages.at(-1)?.id ?? post.id;
}

function card({ post, messages }, store) {
  const last = messages.at(-1);
  const first = messages.find(({ id }) => id === post.id);
  const unread = store.unread(post.id);
  const sent = last && new Date(last.timestamp);
  const replies = messages.length - (first ? 1 : 0);
  return el('a', { class: `forum-post ${unread > 0 ? 'unread' : ''}`, href: `#/${post.id}`, 'data-post': post.name },
    tags(post.tags),
    el('strong', {}, post.name, post.locked && [' ', icon('lock')]),
    first && el('span', { class: 'forum-first' }, el('b', {}, `${nameOf(first.author)}: `), said(first)),
    last && el('span', {}, replies === 1 ? '1 reply' : `${replies} replies`, ' • ', timeElement(sent, stamp(sent)),
      unread > 0 && ` • ${unread} new`));
}

// A post's first message in one line.
function said({ content, embeds = [] }) {
  const [embed] = embeds;
  return content || embed?.title || embed?.author?.name || embed?.description || 'an embed';
}

function tags(names = [], label) {
  return names.length > 0 && el('span', { class: 'tags' }, label, names.map((name) => el('span', { class: 'tag' }, name)));
}
