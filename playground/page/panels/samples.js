// The samples to send: found by a word, grouped by the object they are about.

import { Listbox } from '../listbox.js';

/** Makes the search field and its list choose one of the samples, which the function that is returned takes. */
export function samplePicker({ search, list }, picked) {
  let samples = [];
  const box = new Listbox(list, (item) => choose(item));
  const draw = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = samples.filter(({ words: all }) => words.every((word) => all.includes(word)));
    box.show(search, found);
  };
  const choose = (item) => {
    search.value = '';
    search.placeholder = item.title;
    box.hide();
    picked(item);
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
  return (all) => {
    const first = samples.length === 0;
    samples = [...Map.groupBy(all.map(item), ({ group }) => group).values()].flat();
    if (first && samples.length > 0) choose(samples.find(({ name }) => name === 'opportunity-won') ?? samples[0]);
  };
}

function item(sample) {
  const [object] = sample.type.split('.');
  const title = words(sample.name);
  return { ...sample, title, label: title, detail: sample.type, group: object, words: `${title} ${sample.type}`.toLowerCase() };
}

// "opportunity-won" reads better as "Opportunity won".
function words(name) {
  const text = name.replaceAll(/[-_]+/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
