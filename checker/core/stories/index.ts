import { boxStories } from './box.ts'
import { hangStories } from './hangs.ts'
import { hostStories } from './hosts.ts'
import { jobStories } from './jobs.ts'
import { memberStories } from './members.ts'
import { outageStories } from './outages.ts'
import { quietStories } from './quiet.ts'
import { returnStories } from './returns.ts'
import { siteStories } from './sites.ts'
import type { Story } from './story.ts'
import { troubleStories } from './trouble.ts'

export const stories: readonly Story[] = [
  ...hostStories,
  ...siteStories,
  ...memberStories,
  ...outageStories,
  ...boxStories,
  ...returnStories,
  ...quietStories,
  ...troubleStories,
  ...jobStories,
  ...hangStories,
]
