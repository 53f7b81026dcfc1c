"""The demo districts: believable people, places, devices, articles and tickets, the same on every machine.

`plans` says what each district looks like; `calendar` knows when school is. `building` makes what lies in it (`places`,
`people`, `inventory`, `library`). `corpus` reads the problems, `stories` and `cast` tell each ticket's life,
`timetable` puts them in order, `casefile` makes rows of them as the desk's actions would. `planting` writes it all,
`seeding` opens the district around it.
"""
