// Follows the local Discord: its state first, then event by event. After a break it begins with the state again.

const events = [
  'message_create', 'message_update', 'message_delete', 'whisper_create', 'whisper_update', 'whisper_delete', 'request',
  'commands_update', 'mischief',
];
const reloads = ['ready', 'channel_update', 'host']; // rare, and the state is always right about these
const pause = 2000; // ms before the next try, where the browser does not try by itself

/** Calls `loaded` with each whole state, `happened` with each event after it, and `lost` when the connection breaks. */
export function follow({ loaded, happened, lost }) {
  const source = new EventSource('api/page/events');
  let early = []; // events that come in while the state is still on its way; null once it is here
  let fetches = 0;

  const refresh = async () => {
    const mine = ++fetches;
    early = [];
    const state = await getState();
    if (mine !== fetches) return;
    if (!state) {
      again();
      return;
    }
    loaded(state);
    early.forEach((event) => happened(...event));
    early = null;
  };
  const again = () => {
    lost();
    source.close();
    setTimeout(follow, pause, { loaded, happened, lost });
  };

  for (const type of reloads) source.addEventListener(type, refresh);
  for (const type of events) {
    source.addEventListener(type, ({ data }) => {
      const event = [type, JSON.parse(data)];
      if (early) early.push(event);
      else happened(...event);
    });
  }
  source.addEventListener('error', () => (source.readyState === EventSource.CLOSED ? again() : lost()));
}

// Returns null when there is no answer, or none that is the state.
async function getState() {
  try {
    const answer = await fetch('api/page/state', { cache: 'no-store' });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
