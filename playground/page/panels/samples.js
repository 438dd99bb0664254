// The samples to send or to try something on: found by a word, grouped by the object they are about.

import { Listbox } from '../listbox.js';

/** Makes the search field and its list choose one of the samples, which it is given by `load`; `choose` takes one by its name. */
export function samplePicker({ search, list }, picked) {
  let samples = [];
  const box = new Listbox(list, (chosen) => choose(chosen));
  const draw = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = samples.filter(({ words: all }) => words.every((word) => all.includes(word)));
    box.show(search, found);
  };
  const choose = (chosen) => {
    search.value = '';
    search.placeholder = chosen.title;
    box.hide();
    picked(chosen);
  };
  const keys = {
    ArrowDown: () => (box.open ? box.move(1) : draw()),
    ArrowUp: () => (box.open ? box.move(-1) : draw()),
    Enter: () => box.active && choose(box.active),
    Escape: () => box.open && (box.hide(), true),
  };
  search.addEventListener('input', draw);
  search.addEventListener('click', draw);
  search.addEventListener('blur', () => box.hide());
  search.addEventListener('keydown', (event) => {
    if (!(event.key in keys) || event.isComposing) return;
    if (event.key === 'Escape' && !box.open) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  const named = (name) => samples.find((sample) => sample.name === name);
  return {
    load(all) {
      const first = samples.length === 0;
      samples = [...Map.groupBy(all.map(item), ({ group }) => group).values()].flat();
      if (first && samples.length > 0) choose(named('opportunity-won') ?? samples[0]);
      else if (box.open) draw();
    },
    choose: (name) => named(name) && choose(named(name)),
  };
}

function item(sample) {
  const { type, title = words(sample.name), detail = type, group = type.split('.')[0] } = sample;
  return { ...sample, title, label: title, detail, group, words: `${title} ${type} ${detail}`.toLowerCase() };
}

// "opportunity-won" reads better as "Opportunity won".
function words(name) {
  const text = name.replaceAll(/[-_]+/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
