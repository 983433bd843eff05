// Asks the browser for passkeys, for the forms marked `data-passkey="get"` or `"create"`. What is asked comes
// from `data-passkey-options`; the answer goes into the field `credential`, and the form is sent as any other.

const FAILED = 'The passkey could not be used. Try again, or sign in another way.'

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))

const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

const named = (all) => (all || []).map((one) => ({ ...one, id: bytes(one.id) }))

const asked = {
  create: (o) => ({ ...o, challenge: bytes(o.challenge), user: { ...o.user, id: bytes(o.user.id) }, excludeCredentials: named(o.excludeCredentials) }),
  get: (o) => ({ ...o, challenge: bytes(o.challenge), allowCredentials: named(o.allowCredentials) })
}

function told ({ id, rawId, type, authenticatorAttachment, response }) {
  const said = { clientDataJSON: text(response.clientDataJSON) }
  if (response.attestationObject) {
    said.attestationObject = text(response.attestationObject)
    said.transports = response.getTransports?.() ?? []
  } else {
    said.authenticatorData = text(response.authenticatorData)
    said.signature = text(response.signature)
    if (response.userHandle) said.userHandle = text(response.userHandle)
  }
  return { id, rawId: text(rawId), type, authenticatorAttachment, response: said, clientExtensionResults: {} }
}

async function ask (form) {
  const csrf = form.elements.namedItem('csrf').value
  const answer = await fetch(form.dataset.passkeyOptions, { method: 'POST', body: new URLSearchParams({ csrf }), redirect: 'manual' })
  // Signed out, or the proof of who asks is too old: the page itself says what to do.
  if (!answer.ok) return window.location.reload()
  const options = await answer.json()
  const kind = form.dataset.passkey
  const credential = await navigator.credentials[kind]({ publicKey: asked[kind](options) })
  form.elements.namedItem('credential').value = JSON.stringify(told(credential))
  form.submit()
}

function listen (form) {
  const said = form.querySelector('[data-passkey-said]')
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    said.textContent = ''
    ask(form).catch(() => { said.textContent = FAILED })
  })
  form.hidden = false
}

if (window.PublicKeyCredential) {
  document.querySelectorAll('form[data-passkey]').forEach(listen)
  document.querySelectorAll('[data-passkey-without]').forEach((words) => { words.hidden = true })
}
