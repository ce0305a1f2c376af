import { clearThumbnails } from '../files/thumbnails/kept-thumbnails.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'

/** What is kept only so that folders show quickly. */
export function ThumbnailsCard() {
  const words = texts.plans.thumbnails
  const action = useAction(async () => {
    await clearThumbnails()
    toast('done', words.cleared)
  })
  return (
    <section class="card" aria-labelledby="thumbnails-title">
      <h2 id="thumbnails-title">{words.title}</h2>
      <p class="lead">{words.text}</p>
      {action.error.value !== null && <Notice kind="bad">{action.error.value}</Notice>}
      <button type="button" class="button" disabled={action.busy.value} onClick={() => action.run()}>
        <Icon name="trash" />
        {words.clear}
      </button>
    </section>
  )
}
