// Warns before a session ends, in a dialog that offers to go on. When it ends, what was typed is kept by the
// service, the person is signed out, and the sign-in leads back. How long it holds is what the service said:
// seconds while it is not used, seconds however busy it is, and seconds of warning.

// Seconds before the end at which what was typed is kept: the service has to be asked while it still answers.
const AHEAD = 5
// Below so many seconds each one is told; before, each quarter of a minute.
const LAST = 20

const said = (seconds) => {
  const [count, unit] = seconds > 90 ? [Math.round(seconds / 60), 'minute'] : [seconds, 'second']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

const element = (name, classes, words) => Object.assign(document.createElement(name), { className: classes, textContent: words })

// The forms in which something was typed that the page did not hold. Passwords and files are never kept.
const changed = (control) => {
  if (!control.name || control.disabled || /^(hidden|password|file|submit|button)$/.test(control.type)) return false
  if (control.options) return Array.from(control.options).some((one) => one.selected !== one.defaultSelected)
  return control.type === 'checkbox' || control.type === 'radio'
    ? control.checked !== control.defaultChecked
    : control.value !== control.defaultValue
}
const typed = () => Array.from(document.querySelectorAll('main form[method="post"]:not([data-passkey])'))
  .filter((form) => !form.querySelector('[type="password"]') && Array.from(form.elements).some(changed))

class Session {
  constructor (told) {
    this.csrf = document.querySelector('input[name="csrf"]')?.value ?? ''
    // Another tab that is used makes this one hold longer too.
    this.tabs = 'BroadcastChannel' in window ? new BroadcastChannel('panel-session') : null
    if (this.tabs) this.tabs.onmessage = (event) => this.hold(event.data)
    this.build()
    this.take(told)
    setInterval(() => this.tick(), 1000)
    document.addEventListener('visibilitychange', () => this.tick())
  }

  take (told) {
    this.hold(told)
    this.tabs?.postMessage(told)
  }

  hold ([unused, busy, warning]) {
    this.end = Date.now() + unused * 1000
    this.warning = warning
    // Using it would give nothing more.
    this.last = busy <= unused
    this.tick()
  }

  build () {
    this.dialog = element('dialog', 'panel-timeout')
    this.title = element('h2', 'govuk-heading-m', 'You will be signed out soon')
    this.title.id = 'panel-timeout-title'
    this.words = element('p', 'govuk-body')
    this.words.id = 'panel-timeout-words'
    this.live = element('p', 'govuk-visually-hidden')
    this.live.setAttribute('aria-live', 'polite')
    this.stay = element('button', 'govuk-button', 'Stay signed in')
    this.stay.addEventListener('click', () => this.renew())
    this.leaves = element('button', 'govuk-button govuk-button--secondary', 'Sign out')
    this.leaves.addEventListener('click', () => this.leave('/'))
    for (const button of [this.stay, this.leaves]) button.type = 'button'
    const group = element('div', 'govuk-button-group')
    group.append(this.stay, this.leaves)
    this.dialog.append(this.title, this.words, this.live, group)
    this.dialog.setAttribute('role', 'alertdialog')
    this.dialog.setAttribute('aria-labelledby', this.title.id)
    this.dialog.setAttribute('aria-describedby', this.words.id)
    this.dialog.addEventListener('cancel', (event) => { event.preventDefault(); this.renew() })
    document.body.append(this.dialog)
  }

  tick () {
    if (this.gone) return
    const left = Math.ceil((this.end - Date.now()) / 1000)
    if (left <= AHEAD) return this.leave()
    if (left > this.warning) {
      this.dismissed = false
      return this.close()
    }
    if (!this.dismissed) this.warn(left - AHEAD)
  }

  close () {
    if (this.dialog.open) this.dialog.close()
  }

  warn (left) {
    const why = this.last ? 'You have been signed in for as long as one may be.' : 'You have not used this page for a while.'
    const text = `${why} You will be signed out in ${said(left)}. What you typed is kept.`
    if (this.words.textContent !== text) this.words.textContent = text
    if (!this.dialog.open) {
      this.stay.textContent = this.last ? 'Go on until then' : 'Stay signed in'
      this.told = Math.ceil(left / 15)
      this.dialog.showModal()
    }
    const quarter = Math.ceil(left / 15)
    if (left <= LAST || quarter !== this.told) this.live.textContent = `Signed out in ${said(left)}`
    this.told = quarter
  }

  async renew () {
    if (this.last) {
      this.dismissed = true
      return this.close()
    }
    const answer = await this.send('/account/renew')
    // Signed out meanwhile: the page that comes says so.
    if (!answer?.ok) return this.leave()
    this.take((await answer.json()).session)
  }

  async send (address, body = new URLSearchParams()) {
    body.set('csrf', this.csrf)
    try {
      return await fetch(address, { method: 'POST', body, redirect: 'manual' })
    } catch {
      return null
    }
  }

  async leave (to) {
    if (this.gone) return
    this.gone = true
    let next = to ?? window.location.pathname + window.location.search
    for (const form of typed()) {
      const body = new URLSearchParams()
      for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value)
      body.set('place', new URL(form.action).pathname)
      const answer = await this.send('/drafts', body)
      if (answer?.ok && to === undefined) next = (await answer.json()).next
    }
    await this.send('/sign-out')
    document.dispatchEvent(new Event('panel-leaves'))
    window.location.assign(`/sign-in?${new URLSearchParams({ next })}`)
  }
}

const told = document.querySelector('meta[name="panel-session"]').content.trim().split(' ').map(Number)
new Session(told) // eslint-disable-line no-new
