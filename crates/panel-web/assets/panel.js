// What a script adds to pages that work without it: saved drafts, dragging, selecting all rows,
// weekdays beside dates, a timer. Nothing is stored in the browser.

import {
  Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput,
  ServiceNavigation, SkipLink, createAll
} from './govuk-frontend.min.js'

const all = (selector, within = document) => Array.from(within.querySelectorAll(selector))

// ---- Saving a long text while it is typed -------------------------------------------------------
//
// `<textarea data-autosave="/address">` within a form that carries `csrf` and `version`. The text is
// sent as the form would send it; the answer is `{"version": 8, "saved": "2:32pm"}`. What got no answer is sent again under its number.
// Saves of one form go one after the other, so that each carries the version of the one before.

const PAUSE = 1500
const RETRY = 10000

class Drafts {
  constructor (form) {
    this.form = form
    this.dirty = new Set()
    this.running = false
    this.stopped = false
    this.timer = null
    this.unsure = null
    this.waiting = null
    for (const area of all('textarea[data-autosave]', form)) {
      area.addEventListener('input', () => this.changed(area))
      area.addEventListener('blur', () => this.save())
    }
    form.addEventListener('submit', () => { this.submitting = true })
    document.addEventListener('submit', (event) => this.wait(event), true)
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.save() })
    document.addEventListener('panel-leaves', () => { this.submitting = true })
    window.addEventListener('beforeunload', (event) => {
      if (this.dirty.size && !this.submitting) event.preventDefault()
    })
  }

  // A form is sent once what is being saved is saved, so that its own text does not come before it.
  wait (event) {
    const own = event.target === this.form
    if (this.stopped || (!this.running && !this.unsure && (own || !this.dirty.size))) return
    event.preventDefault()
    event.stopImmediatePropagation()
    this.waiting = { own, send: () => event.target.requestSubmit(event.submitter) }
    this.save()
  }

  changed (area) {
    this.dirty.add(area)
    if (this.stopped) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.save(), PAUSE)
  }

  say (area, words, bad = false) {
    const status = document.querySelector(`[data-autosave-status="${CSS.escape(area.id)}"]`)
    if (!status) return
    status.textContent = words
    status.classList.toggle('panel-saved--bad', bad)
  }

  // What to send next: first what was sent and never answered, with the number it was sent under, so
  // that the service knows it again; then a text that was typed since.
  next () {
    if (this.unsure) return this.unsure
    const area = this.dirty.values().next().value
    if (!area) return null
    this.dirty.delete(area)
    return { area, text: area.value, operation: globalThis.crypto?.randomUUID?.() }
  }

  async save () {
    if (this.running || this.stopped) return
    clearTimeout(this.timer)
    const job = this.next()
    if (!job) return
    this.running = true
    this.unsure = job
    const ok = await this.send(job)
    this.running = false
    if (!ok || job.area.value !== job.text) this.dirty.add(job.area)
    if (ok && this.dirty.size) return this.save()
    const waiting = this.waiting
    this.waiting = null
    if (waiting && (ok || waiting.own)) waiting.send()
  }

  async send ({ area, text, operation }) {
    const field = (name) => this.form.elements.namedItem(name)
    const body = new URLSearchParams({ [area.name]: text })
    for (const name of ['csrf', 'version']) if (field(name)) body.set(name, field(name).value)
    if (operation) body.set('operation', operation)
    this.say(area, 'Saving…')
    let answer
    try {
      const keepalive = text.length < 20000
      answer = await fetch(area.dataset.autosave, { method: 'POST', body, redirect: 'manual', keepalive })
    } catch {
      return this.later(area, 'Not saved: no connection. Your text is still here and is tried again.')
    }
    this.unsure = null
    if (answer.ok) {
      const told = await answer.json()
      if (field('version') && told.version !== undefined) field('version').value = told.version
      this.say(area, `Saved at ${told.saved}`)
      return true
    }
    if (answer.status === 409) {
      return this.stop(area, 'Someone else changed this. Choose Save to see both texts.')
    }
    if (answer.status === 422 || answer.status === 413) {
      return this.later(area, 'Not saved: the text is too long or holds something that is not taken.', false)
    }
    if (answer.status >= 500 || answer.status === 429) {
      return this.later(area, 'Not saved: the service does not answer. Your text is still here and is tried again.')
    }
    return this.stop(area, 'Not saved: you are signed out. Sign in again in another tab, then choose Save here.')
  }

  later (area, words, again = true) {
    this.say(area, words, true)
    if (again) this.timer = setTimeout(() => this.save(), RETRY)
    return false
  }

  stop (area, words) {
    this.stopped = true
    this.say(area, words, true)
    return false
  }
}

// ---- Dragging to another place ------------------------------------------------------------------
//
// `<ol data-reorder>` of `<li>`s, each with a form whose buttons send `to` and a place counted from
// 1. Dropping an item sends that item's own form with the place it was dropped at.

function reorder (list) {
  const items = () => Array.from(list.children)
  let dragged = null
  for (const item of items()) {
    const handle = item.querySelector('[data-reorder-handle]')
    const button = item.querySelector('form button[name="to"]')
    if (!handle || !button) continue
    handle.hidden = false
    handle.addEventListener('pointerdown', () => { item.draggable = true })
    handle.addEventListener('pointerup', () => { item.draggable = false })
    item.addEventListener('dragstart', (event) => {
      dragged = item
      event.dataTransfer.effectAllowed = 'move'
      event.dataTransfer.setData('text/plain', '')
      item.classList.add('panel-dragged')
    })
    item.addEventListener('dragend', () => {
      item.draggable = false
      item.classList.remove('panel-dragged')
      dragged = null
    })
    item.addEventListener('dragover', (event) => {
      if (!dragged || dragged === item) return
      event.preventDefault()
      const below = event.clientY > item.getBoundingClientRect().top + item.offsetHeight / 2
      item[below ? 'after' : 'before'](dragged)
    })
    item.addEventListener('drop', (event) => event.preventDefault())
  }
  list.addEventListener('dragover', (event) => { if (dragged) event.preventDefault() })
  list.addEventListener('drop', (event) => {
    if (!dragged) return
    event.preventDefault()
    const press = dragged.querySelector('form button[name="to"]').cloneNode()
    press.value = String(items().indexOf(dragged) + 1)
    press.hidden = true
    press.disabled = false
    const form = dragged.querySelector('form')
    form.append(press)
    form.requestSubmit(press)
  })
}

// ---- Selecting every row ------------------------------------------------------------------------

function selection (table) {
  const boxes = all('tbody input[type="checkbox"]', table)
  const head = table.querySelector('[data-panel-select-all]')
  const count = table.closest('form')?.querySelector('[data-panel-select-count]')
  if (!head || !boxes.length) return
  const id = `${table.id || 'table'}-all`
  const words = head.textContent
  head.innerHTML = '<div class="govuk-checkboxes govuk-checkboxes--small"><div class="govuk-checkboxes__item">' +
    `<input class="govuk-checkboxes__input" id="${id}" type="checkbox"><label class="govuk-label govuk-checkboxes__label" for="${id}">` +
    '<span class="govuk-visually-hidden"></span></label></div></div>'
  head.querySelector('span').textContent = `${words} all rows`
  const every = head.querySelector('input')
  const update = () => {
    const chosen = boxes.filter((box) => box.checked).length
    every.checked = chosen === boxes.length
    every.indeterminate = chosen > 0 && chosen < boxes.length
    if (count) count.textContent = chosen ? `(${chosen} selected)` : ''
  }
  every.addEventListener('change', () => {
    for (const box of boxes) box.checked = every.checked
    update()
  })
  for (const box of boxes) box.addEventListener('change', update)
  update()
}

// ---- Radio buttons that show more, and tables that scroll -----------------------------------------

// The published script marks radio buttons as expanded, which their role does not allow; so what a
// choice reveals is shown and hidden here, and follows the choice in reading order.
function reveals (group) {
  const pairs = all('[data-aria-controls]', group).map((input) => [input, document.getElementById(input.dataset.ariaControls)])
  const update = () => pairs.forEach(([input, shown]) => shown?.classList.toggle('govuk-radios__conditional--hidden', !input.checked))
  group.addEventListener('change', update)
  window.addEventListener('pageshow', update)
  update()
}

// A table that fits needs no stop of its own on the way through the page.
function scrolling (region) {
  const update = () => {
    if (region.scrollWidth > region.clientWidth) region.tabIndex = 0
    else region.removeAttribute('tabindex')
  }
  new ResizeObserver(update).observe(region)
}

// ---- The weekday of a date ----------------------------------------------------------------------

function weekday (group) {
  const [day, month, year] = all('input', group)
  if (!day || !month || !year) return
  let said = group.parentElement.querySelector('.panel-readback')
  if (!said) {
    said = document.createElement('p')
    said.className = 'panel-readback'
    group.after(said)
  }
  const update = () => {
    const [d, m, y] = [day, month, year].map((box) => /^\d+$/.test(box.value.trim()) ? Number(box.value) : NaN)
    const date = new Date(Date.UTC(y, m - 1, d))
    const real = y >= 1900 && date.getUTCMonth() === m - 1 && date.getUTCDate() === d
    if (real || [day, month, year].some((box) => box === document.activeElement)) {
      said.textContent = real
        ? date.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).replace(',', '')
        : ''
    }
  }
  for (const box of [day, month, year]) box.addEventListener('input', update)
}

// ---- Keys and the timer -------------------------------------------------------------------------

// `data-shortcut="a"` marks the one control that Alt+Shift+A goes to: a link or button is pressed,
// a box is focused. The page names the keys in `aria-keyshortcuts` and in sight.
function shortcuts () {
  const marked = all('[data-shortcut]')
  if (!marked.length) return
  document.addEventListener('keydown', (event) => {
    if (!event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey) return
    const target = marked.find((one) => event.code === `Key${one.dataset.shortcut.toUpperCase()}`)
    if (!target) return
    event.preventDefault()
    if (target.matches('a, button')) target.click()
    else target.focus()
  })
}

// `<p data-timer="10" hidden>` counts from when the page was opened, against ten minutes.
function timer (place) {
  const minutes = Number(place.dataset.timer)
  const started = Date.now()
  const words = place.dataset.timerWords || ''
  const show = () => {
    const seconds = Math.floor((Date.now() - started) / 1000)
    const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
    place.textContent = `${words} ${clock}${minutes ? ` of ${minutes}:00` : ''}`.trim()
    place.classList.toggle('panel-timer--over', minutes > 0 && seconds > minutes * 60)
  }
  place.hidden = false
  show()
  setInterval(show, 1000)
}

for (const part of [Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, ServiceNavigation, SkipLink]) {
  createAll(part)
}
all('[data-module="govuk-radios"]').forEach(reveals)
all('.panel-scroll').forEach(scrolling)
for (const form of all('form')) if (form.querySelector('textarea[data-autosave]')) new Drafts(form) // eslint-disable-line no-new
all('[data-reorder]').forEach(reorder)
all('table[data-panel-select]').forEach(selection)
all('.govuk-date-input').forEach(weekday)
all('[data-timer]').forEach(timer)
shortcuts()
if (document.querySelector('form[data-passkey]')) import('./passkeys.js')
if (document.querySelector('meta[name="panel-session"]')) import('./session.js')
