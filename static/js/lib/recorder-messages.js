// The recorder's messages: what happened, then what to do.
export const SAYS = {
  asking: "Asking for the microphone…",
  stillAsking: "Waiting for the microphone. Is the browser asking, near the address bar, whether it may be used?",
  cancelled: "Cancelled. Nothing was recorded.",
  refused: "Nothing was recorded.",
  recording: "Recording. Speak now.",
  unmeasured: "Recording. Speak now. This browser cannot show how loud it is.",
  nothingComes: "Nothing is being recorded: this browser gives no sound. Stop, then try again or upload a file.",
  silent: "The microphone gives no sound. Is it muted, or is another one in use?",
  paused: "Paused. Nothing is recorded until you resume.",
  silenced:
    "Paused: another program or the system took the microphone. What you said until then is kept. Resume when it is free.",
  back: "Paused. The microphone is there again: resume, or stop.",
  recorded: "Listen, then save the note or discard it.",
  atLimit: "This is the longest a note can be, so recording has stopped.",
  lost: "Paused: the microphone was disconnected. What you said until then is kept. Plug one in and resume, or stop.",
  failed: "Paused: the browser stopped recording. What you said until then is kept. Resume, or stop.",
  stillLost: "Paused. What you said until now is kept. Resume once a microphone is there, or stop.",
  changing: "Changing the microphone…",
  saving: "Saving…",
  waiting: "The note is saved as soon as the server answers. You can record another one.",
  kept: "The note is not saved yet. The recording is still here: try again.",
  saved: "Saved. The text is written for you.",
  undone: "Not saved. The recording is still here: listen, then save it or discard it.",
  discarded: "Recording discarded.",
  unsaved: "Save the recording or discard it first.",
};

// While nothing is being recorded: what Stop does.
export const IDLE = {
  saves: "Press, speak, stop: it is saved, and the text is written for you.",
  listens: "Press, speak, stop, listen, save. The text is written for you.",
};

export const UNDO_WAITS = "The server cannot be reached. The saved note goes as soon as it answers.";
export const NO_SOUND = "This browser gave no sound to record. Try again, or upload a file.";

// How much of the recording has been sent.
export const SENT = {
  all: "Sent.",
  some: "Sending…",
};

export const ONLY_IN_MEMORY = {
  StoreFull: "This computer has no room left, so closing this page would lose what is not sent.",
  StoreUnavailable: "This browser keeps nothing here, so closing this page would lose what is not sent.",
};
