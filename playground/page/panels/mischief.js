// What can be made to go wrong with Discord, what one will see then, and what it needs to be told.

const times = (value) => ({ name: 'times', label: 'times', value, min: 1, max: 100 });
const seconds = (value) => ({ name: 'seconds', label: 's', value, min: 1, max: 60 });
const posting = 1n << 11n | 1n << 38n; // in channels, and in threads

/**
 * The mischiefs. `numbers` are what each can be told, and `buttons` make what is asked of the playground, from the numbers
 * given and the open channel's id; `here` says that it is about that channel.
 */
export const mischiefs = [
  {
    id: 'rate-limit', title: 'Rate limit', here: true, numbers: [times(3), seconds(2)],
    sees: 'The next posts get a 429. Dispatch waits as long as it is told, and they all arrive, in order.',
    buttons: { 'Limit posts': (given, channel) => ({ do: 'rate_limit', times: given.times, wait_ms: given.seconds * 1000, channel }) },
  },
  {
    id: 'global-limit', title: 'Global limit', numbers: [seconds(5)],
    sees: 'Everything gets a 429 for a while, but for answers to commands. Dispatch falls silent until it is over.',
    buttons: { 'Limit everything': (given) => ({ do: 'global_limit', wait_ms: given.seconds * 1000 }) },
  },
  {
    id: 'fail', title: 'Internal errors', numbers: [times(2)],
    sees: 'The next posts get a 500. Dispatch tries again, after a little longer each time.',
    buttons: { 'Fail posts': (given) => ({ do: 'fail', status: 500, times: given.times }) },
  },
  {
    id: 'lose-answer', title: 'Lost answers', numbers: [times(1)],
    sees: 'The next posts appear, but Dispatch never hears so. It asks again, and still no message appears twice.',
    buttons: { 'Lose answers': (given) => ({ do: 'lose_answer', times: given.times }) },
  },
  {
    id: 'gateway', title: 'Gateway', numbers: [],
    sees: 'The connection that commands come in by breaks. Dispatch resumes it, or begins anew where the session is invalid.',
    buttons: { 'Drop it': () => ({ do: 'drop_gateway' }), 'Invalid session': () => ({ do: 'invalid_session' }) },
  },
  {
    id: 'deny', title: 'Forbid posting', here: true, numbers: [],
    sees: 'Posts get a 403. Dispatch stops sending here and says so in /salesforce status.',
    buttons: {
      Forbid: (_, channel) => ({ do: 'deny', channel, permissions: String(posting) }),
      'Allow again': (_, channel) => ({ do: 'deny', channel, permissions: '0' }),
    },
  },
  {
    id: 'delete-channel', title: 'Delete the channel', here: true, numbers: [],
    sees: 'Posts get a 404. Dispatch stops sending here. Restoring it makes a new channel with the old name.',
    buttons: { Delete: (_, channel) => ({ do: 'delete_channel', channel }) },
  },
];
