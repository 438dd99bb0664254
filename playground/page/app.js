// The page of the playground: puts the parts together. The address's fragment says which channel is open.

import { avatar, nameOf } from './avatar.js';
import { ChannelList } from './channels.js';
import { icon } from './dom.js';
import { Drawers } from './drawers.js';
import { follow } from './live.js';
import { lineMarkup } from './markup.js';
import { summary } from './messages.js';
import { requestLog } from './requests.js';
import { channelKinds, Store } from './store.js';
import { switchTheme } from './theme.js';
import { keepRelativeTimes } from './time.js';
import { Timeline } from './timeline.js';

const patience = 1000; // ms that a connection may be lost before the page says so

const $ = (id) => document.getElementById(id);
const store = new Store();
const channels = new ChannelList($('channel-list'), store);
const places = { scroller: $('timeline'), list: $('messages'), pill: $('pill') };
const timeline = new Timeline(places, store, () => channels.mark(open));
const logRequest = requestLog($('request-list'), $('no-requests'));
let open = null;
let warning = 0;

function wanted() {
  const drawn = store.channels.filter(({ type }) => type in channelKinds);
  const byID = drawn.find(({ id }) => id === location.hash.slice(2));
  const byName = drawn.find(({ name }) => name === open?.name); // after a restart of the playground the ids are others
  return byID ?? byName ?? store.firstChannel();
}

function show(channel) {
  open = channel;
  $('channel-icon').replaceChildren(icon(channelKinds[channel.type]));
  $('channel-name').textContent = channel.name;
  $('topic').replaceChildren(...lineMarkup(channel.topic ?? '', store));
  $('timeline').setAttribute('aria-label', `Messages in ${channel.name}`);
  document.title = `#${channel.name} · ${store.guild.name}`;
  channels.mark(channel);
}

function showYou(user) {
  $('you-avatar').replaceChildren(avatar(user));
  $('you-name').textContent = nameOf(user);
}

function connected(is) {
  $('status').textContent = is ? 'Live' : 'Reconnecting…';
  $('status').classList.toggle('live', is);
  clearTimeout(warning);
  if (is) $('banner').hidden = true;
  else warning = setTimeout(warn, patience);
}

function warn() {
  $('banner').textContent = 'The connection to the playground is lost. Is it still running? Trying again…';
  $('banner').hidden = false;
}

const happenings = {
  message_create(message) {
    store.put(message);
    if (message.channel_id === open.id) $('announcer').textContent = summary(message);
    timeline.update({ live: true });
    channels.mark(open);
  },
  message_update(message) {
    store.put(message);
    timeline.update();
  },
  message_delete(message) {
    store.remove(message);
    timeline.update();
    channels.mark(open);
  },
  request: logRequest,
};

function loaded(state) {
  store.load(state);
  $('guild').textContent = state.guild.name;
  showYou(state.users.find(({ id }) => id !== state.bot.id) ?? state.bot);
  channels.load();
  const channel = wanted();
  const same = channel.id === open?.id;
  show(channel);
  if (same) timeline.reload(channel);
  else timeline.open(channel);
  connected(true);
}

const drawers = new Drawers($('main'), $('scrim'));
const closeChannels = drawers.add($('channels'), $('open-channels'), '(width < 48rem)');
const closeRequests = drawers.add($('requests'), $('open-requests'), '(width < 72rem)');
$('close-requests').addEventListener('click', closeRequests);
addEventListener('hashchange', () => {
  show(wanted());
  timeline.open(open);
  closeChannels();
});
switchTheme($('theme'), icon);
keepRelativeTimes($('messages'));
follow({ loaded, happened: (type, data) => happenings[type](data), lost: () => connected(false) });
