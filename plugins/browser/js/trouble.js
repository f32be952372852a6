// Errors that can be shown: a sentence, and what to do about it.

export class Trouble extends Error {
  /** `code`, `message`, `hint` and `retryable` are those of the server's errors. */
  constructor({ code, message, hint = "", retryable = false }, status = 0) {
    super(message);
    Object.assign(this, { code, hint, retryable, status });
  }
}

export const GONE = {
  code: "server_gone",
  message: "The server does not answer.",
  hint: "Start it again with “creative-gen serve --open”; what is finished is kept in its history.",
  retryable: true,
};

/** The trouble that an answer with an error tells of. */
export async function troubleOf(answer) {
  const document = await answer.json().catch(() => null);
  const told = document && document.error;
  return new Trouble(
    told || {
      code: `status_${answer.status}`,
      message: `The server answered with status ${answer.status}.`,
      hint: "Open the studio anew with “creative-gen serve --open”; is it creative_gen that answers?",
    },
    answer.status,
  );
}

/** Whether an error only says that something was called off. */
export function calledOff(error) {
  return error.name === "AbortError";
}

/** What is told of a mistake of the studio itself. */
export function fault(error) {
  return {
    code: "studio_fault",
    message: `The studio made a mistake: ${error?.message || error}.`,
    hint: "Load the page anew; if it comes again, tell the makers of creative_gen what you did.",
  };
}
