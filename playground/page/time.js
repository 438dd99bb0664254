// Times in the reader's own zone and habits.

const format = (options) => {
  const formatter = new Intl.DateTimeFormat(undefined, options);
  return (date) => formatter.format(date);
};

const clockTime = format({ timeStyle: 'short' });
const shortDate = format({ dateStyle: 'short' });
const longDate = format({ dateStyle: 'long' });
const fullDate = format({ dateStyle: 'full', timeStyle: 'short' });
const ago = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

// What each style of <t:unix:style> shows.
const styles = {
  t: clockTime,
  T: format({ timeStyle: 'medium' }),
  d: shortDate,
  D: longDate,
  f: format({ dateStyle: 'long', timeStyle: 'short' }),
  F: fullDate,
  s: format({ dateStyle: 'short', timeStyle: 'short' }),
  S: format({ dateStyle: 'short', timeStyle: 'medium' }),
  R: relative,
};

export { clockTime, longDate as day, styles as timeStyles };

/** Says when a message was sent, as short as it can: "4:05 PM", "Yesterday at 4:05 PM", "3/14/26, 4:05 PM". */
export function stamp(date, now = new Date()) {
  if (sameDay(date, now)) return clockTime(date);
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  return sameDay(date, yesterday) ? `Yesterday at ${clockTime(date)}` : styles.s(date);
}

export function sameDay(a, b) {
  return a.toDateString() === b.toDateString();
}

/** Makes a time element: the text as asked for, the full date on hover. */
export function timeElement(date, text, className) {
  const node = document.createElement('time');
  node.dateTime = date.toISOString();
  node.title = fullDate(date);
  node.textContent = text;
  if (className) node.className = className;
  return node;
}

function relative(date, now = Date.now()) {
  const seconds = (date - now) / 1000;
  const steps = [['year', 31536000], ['month', 2592000], ['day', 86400], ['hour', 3600], ['minute', 60]];
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  return ago.format(Math.round(seconds / size), unit);
}

/** Keeps "5 minutes ago" true. */
export function keepRelativeTimes(root) {
  setInterval(() => {
    for (const node of root.querySelectorAll('time[data-relative]')) node.textContent = relative(new Date(node.dateTime));
  }, 10_000);
}
