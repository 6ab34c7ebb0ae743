// Asks the browser for a passkey, or a passkey for its answer, and hands it on in a plain form.
(() => {
  "use strict";
  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const { challenge, site, credential, known, user, name } = form.dataset;
  const bytes = (words) =>
    Uint8Array.from(atob(words.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const put = (field, buffer) => {
    form.elements[field].value = btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const keys = (names) => names.split(" ").filter(Boolean).map((id) => ({ type: "public-key", id: bytes(id) }));
  const ways = {
    async make() {
      const made = await navigator.credentials.create({ publicKey: {
        challenge: bytes(challenge),
        rp: { id: site, name: "Paraph" },
        user: { id: new TextEncoder().encode(user), name, displayName: name },
        pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -8 }],
        authenticatorSelection: { userVerification: "required" },
        excludeCredentials: keys(known),
        attestation: "none",
      } });
      put("attestation", made.response.attestationObject);
      put("client", made.response.clientDataJSON);
    },
    async ask() {
      const { response } = await navigator.credentials.get({ publicKey: {
        challenge: bytes(challenge),
        rpId: site,
        allowCredentials: keys(credential),
        userVerification: "required",
      } });
      put("authenticator", response.authenticatorData);
      put("client", response.clientDataJSON);
      put("signature", response.signature);
    },
  };
  form.dispatchEvent(new Event("input", { bubbles: true })); // no news in between: somebody decides here
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await ways[form.dataset.passkey]();
      form.submit();
    } catch {
      document.getElementById("passkey-trouble").hidden = false;
    }
  });
})();
