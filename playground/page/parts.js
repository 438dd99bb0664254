// The elements of the page that its parts need.

/** Finds an element by its id. */
export const $ = (id) => document.getElementById(id);

export const timeline = { scroller: $('timeline'), list: $('messages'), pill: $('pill') };

export const composer = {
  form: $('composer'), chips: $('composer-chips'), input: $('composer-input'),
  panel: $('suggestions'), title: $('suggestions-title'), problem: $('suggestions-problem'), list: $('suggestion-list'),
};

export const requests = { list: $('request-list'), none: $('no-requests'), failures: $('failures') };

export const callouts = {
  none: $('no-sources'), form: $('callout-form'), source: $('callout-source'), search: $('sample-search'), list: $('sample-list'),
  type: $('callout-type'), body: $('callout-body'), verdict: $('callout-verdict'), send: $('callout-send'),
  answer: $('callout-answer'), curl: $('callout-curl'), line: $('callout-line'),
};

export const trouble = {
  list: $('trouble-list'), outage: $('outage'), limited: $('trouble-limited'), outcome: $('trouble-outcome'),
};

export const gallery = {
  view: $('gallery'), language: $('gallery-language'), phone: $('gallery-phone'), count: $('gallery-count'),
  jump: $('gallery-jump'), frame: $('gallery-frame'), column: $('gallery-column'),
};

export const templates = {
  view: $('templates'), begin: $('template-begin'), tidy: $('template-tidy'), copy: $('template-copy'), keep: $('template-save'),
  events: { search: $('event-search'), list: $('event-list') },
  editor: {
    frame: $('template-editor'), numbers: $('template-numbers'), mark: $('template-mark'), text: $('template-text'),
  },
  preview: { message: $('template-message'), notes: $('template-notes'), verdict: $('template-verdict') },
};

export const heading = { icon: $('channel-icon'), name: $('channel-name'), topic: $('topic'), timeline: $('timeline') };

export const profile = {
  card: $('profile'), face: $('you-avatar'), name: $('you-name'), standing: $('you-standing'), users: $('profile-users'),
  language: $('profile-language'), permissions: $('profile-permissions'), reset: $('profile-reset'),
};
