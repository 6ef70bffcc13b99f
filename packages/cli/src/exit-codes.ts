// Exit codes of `interlock`, one line each; README and `interlock inspect --help` print them from here.
export const EXIT = {
  ok: { code: 0, meaning: 'everything was read' },
  fault: { code: 1, meaning: 'a fault of Interlock itself' },
  usage: { code: 2, meaning: 'the arguments are not usable' },
  unreadable: { code: 3, meaning: 'a file could not be opened or is nothing that is read here; the others were read' },
  damaged: {
    code: 4,
    meaning: 'a capture or document is damaged, cut off, or not understood in places; the rest was read',
  },
  notStarted: { code: 5, meaning: 'the server or the sensor could not start' },
  notPermitted: { code: 6, meaning: 'capturing is not permitted; what grants it is shown' },
} as const;
