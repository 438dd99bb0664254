// The page of the playground: puts the parts together. The address's fragment says which channel is open, or which page
// beside the channels.

import { Refusal } from './api.js';
import { ChannelList } from './channels.js';
import { Composer } from './composer/composer.js';
import { offered } from './composer/commands.js';
import { beginWith } from './composer/files.js';
import { connectionStatus } from './connection.js';
import { icon } from './dom.js';
import { Drawers } from './drawers.js';
import { Gallery } from './gallery.js';
import { follow } from './live.js';
import { summary } from './messages.js';
import { showModal } from './modal.js';
import { Callouts } from './panels/callouts.js';
import { Requests } from './panels/requests.js';
import { Trouble } from './panels/trouble.js';
import * as parts from './parts.js';
import { Person } from './person.js';
import { Profile } from './profile.js';
import { Replies } from './replies.js';
import { Store } from './store.js';
import { Templates } from './templates/templates.js';
import { switchTheme } from './theme.js';
import { keepRelativeTimes } from './time.js';
import { Timeline } from './timeline.js';
import { Views } from './views.js';

const importing = 'template import'; // the command that saves what was written in the template editor

const { $ } = parts;
const store = new Store();
const person = new Person();
const replies = new Replies(store, person, {
  changed: redraw,
  fill: (modal, channel) => showModal(modal, store, (...filled) => replies.submit(channel, modal, ...filled), parts.composer.input),
});
const channels = new ChannelList($('channel-list'), store);
const acts = { press: (...what) => replies.press(...what), dismiss };
const timeline = new Timeline(parts.timeline, store, acts, mark);
const composer = new Composer(parts.composer, store, person, (...command) => replies.run(...command));
const requests = new Requests(parts.requests);
const callouts = new Callouts(parts.callouts);
const trouble = new Trouble(parts.trouble);
const gallery = new Gallery(parts.gallery, store, person);
const templates = new Templates(parts.templates, store, person, save);
const views = new Views($('chat'), parts.heading, store, {
  '#/gallery': {
    part: gallery, link: $('open-gallery'), icon: 'gallery', name: 'Gallery of embeds', topic: 'Every event as it looks in Discord',
  },
  '#/templates': {
    part: templates, link: $('open-templates'), icon: 'template', name: 'Template editor', topic: 'How an event becomes a message',
  },
});
const profile = new Profile(parts.profile, person);
const connected = connectionStatus($('status'), $('banner'));
const wanted = () => store.wanted(location.hash.slice(2), open?.name);
let open = null;
let asked = 0;

function show(channel) {
  open = channel;
  composer.open(channel);
  trouble.open(channel);
  mark();
  views.show(channel);
}

function mark() {
  channels.mark(views.inChannel ? open : null);
}

function redraw({ live = false, own = false } = {}) {
  timeline.update({ live });
  if (own) timeline.toEnd();
  mark();
}

function dismiss({ id }) {
  store.asides.remove(id);
  redraw();
}

async function askCommands() {
  const mine = ++asked;
  try {
    const commands = await offered(person, open);
    if (mine === asked) composer.offer(commands);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    composer.offer([]);
  }
}

// Hands a file to the command that makes a template of it. Returns why that cannot be.
function save(file) {
  if (!composer.offers(importing)) return `/${importing} is not offered to ${person.user.username}.`;
  addEventListener('hashchange', () => beginWith(composer, importing, file), { once: true });
  location.hash = `#/${store.writable(open).id}`;
  return null;
}

function arrived(message) {
  replies.seen(message);
  store.put(message);
  if (message.channel_id === open.id) $('announcer').textContent = summary(message);
  redraw({ live: true });
}

function changed(message) {
  store.put(message);
  redraw();
}

function gone(message) {
  store.remove(message);
  redraw();
}

const happenings = {
  message_create: arrived,
  message_update: changed,
  message_delete: gone,
  whisper_create: ({ user, message }) => (user === store.reader ? arrived(message) : store.put(message)),
  whisper_update: ({ message }) => store.asides.has(message.id) && changed(message),
  whisper_delete: gone,
  request: (request) => requests.add(request),
  commands_update: askCommands,
  mischief: (mischief) => trouble.load(mischief),
};

function loaded(state) {
  store.load(state);
  $('guild').textContent = state.guild.name;
  channels.load();
  const channel = wanted();
  const same = channel.id === open?.id;
  show(channel);
  if (!same) timeline.open(channel);
  person.load(state);
  requests.load(state.requests);
  trouble.load(state.mischief);
  for (const part of [callouts, gallery, templates, profile]) part.load(state);
  connected(true);
}

function personChanged() {
  store.reader = person.user?.id;
  timeline.reload(open);
  mark();
  askCommands();
}

function addressChanged() {
  show(wanted());
  timeline.open(open);
  sidebar.close();
}

const drawers = new Drawers($('main'), $('scrim'));
const sidebar = drawers.add($('channels'), $('open-channels'), '(width < 48rem)', 'left');
const [calloutDrawer] = ['callouts', 'trouble', 'requests'].map((name) =>
  drawers.add($(name), $(`open-${name}`), '(width < 72rem)', 'right'));
$('messages').addEventListener('click', ({ target }) => target.closest('[data-opens="callouts"]') && calloutDrawer.open());
person.addEventListener('change', personChanged);
addEventListener('hashchange', addressChanged);
switchTheme([$('theme'), $('gallery-theme')], icon);
keepRelativeTimes($('messages'));
follow({ loaded, happened: (type, data) => happenings[type](data), lost: () => connected(false) });
