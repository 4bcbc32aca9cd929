// A form that asks the browser for a passkey, and carries what it brings to the server as an ordinary form does.
// The server checks everything; here the browser's own words are only turned into ours.

const TRY_AGAIN = "Nothing was confirmed: you cancelled it, or too much time passed. Press the button to try again.";
const PROBLEMS = {
  NotAllowedError: TRY_AGAIN,
  AbortError: TRY_AGAIN,
  InvalidStateError: "This device has a passkey for your account already. You can use that one.",
  SecurityError: "Passkeys do not work at this address of the site. Use another way to sign in.",
  NotSupportedError: "This device cannot make a passkey that we can use. Try another device, or an authenticator app.",
  ConstraintError: "This device cannot ask for a finger, a face or a PIN. Set one up on it, or use another device.",
};
const OTHERWISE = "The passkey could not be used here. Try again, or use another way.";

const bytesOf = (text) => {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
};

const textOf = (buffer) => {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

const named = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytesOf(key.id) }));

// What the server asks for, with bytes where the browser wants bytes.
function asked(options) {
  const found = { ...options, challenge: bytesOf(options.challenge) };
  if (options.user) found.user = { ...options.user, id: bytesOf(options.user.id) };
  if (options.excludeCredentials) found.excludeCredentials = named(options.excludeCredentials);
  if (options.allowCredentials) found.allowCredentials = named(options.allowCredentials);
  return found;
}

function brought(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = textOf(credential.response[name]);
  }
  const { id, type } = credential;
  return JSON.stringify({ id, type, rawId: textOf(credential.rawId), response, clientExtensionResults: {} });
}

async function askBrowser(verb, options) {
  const publicKey = asked(options);
  return verb === "create" ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey });
}

function start(form) {
  const button = form.querySelector("[data-passkey-button]");
  const problem = form.querySelector("[data-passkey-problem]");
  const say = (words) => {
    problem.textContent = words;
    problem.hidden = !words;
  };
  if (!window.PublicKeyCredential) {
    say("This browser cannot use passkeys. Use another way, or a newer browser.");
    return;
  }
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    if (button.disabled) return;
    say("");
    button.disabled = true;
    try {
      const credential = await askBrowser(form.dataset.passkey, JSON.parse(form.dataset.options));
      form.elements.answer.value = brought(credential);
      form.submit();
    } catch (error) {
      say(PROBLEMS[error.name] ?? OTHERWISE);
      button.disabled = false;
      button.focus();
    }
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) start(form);

// A page that the browser brings back from its memory has an answer that was used already: ask anew.
window.addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("form[data-passkey]")) location.reload();
});
