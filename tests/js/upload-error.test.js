import { equal, test } from "harness";
import { asUploadError, errorOf, UploadError } from "lib/upload-error";

const answer = (status, body = "") => new Response(body, { status });
const kindOf = async (response) => (await errorOf(response)).kind;

test("a redirect, 401 and 403 mean that the person was signed out", async () => {
  equal(await kindOf({ status: 0, type: "opaqueredirect" }), "signed-out");
  equal([await kindOf(answer(401)), await kindOf(answer(403))], ["signed-out", "signed-out"]);
});

test("429 and 5xx are tried again, other refusals are not", async () => {
  const kinds = await Promise.all([429, 500, 503, 400, 404, 413, 422].map((status) => kindOf(answer(status))));
  equal(kinds, ["busy", "busy", "busy", "refused", "refused", "refused", "refused"]);
});

test("the server's own words are shown, else ours", async () => {
  equal((await errorOf(answer(422, '{"message": "The stay is over."}'))).message, "The stay is over.");
  equal(
    (await errorOf(answer(413, "<h1>Too large</h1>"))).message.split(".")[0],
    "The recording is too large for the server",
  );
});

test("what a browser says about its own failures is not shown", () => {
  const error = asUploadError(new TypeError("undefined is not a function"));
  equal(error instanceof UploadError, true);
  equal(error.message, "This browser could not read the recording that it keeps. Reload the page, then try again.");
  const own = new UploadError("offline");
  equal(asUploadError(own) === own, true);
});
