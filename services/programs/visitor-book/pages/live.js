// What others write shows while the book is open.
const list = document.querySelector('ol')
new EventSource(`/live?after=${list.dataset.last}`).onmessage = ({ data }) => list.insertAdjacentHTML('afterbegin', data)
