"""One folder an exercise: the card ``exercise.py`` (criteria, cases, examples) and the notebook's text ``lesson.py``.

The card's oracle stands in ``reference.py``, its wrong programs in ``misconceptions.py``; a course's own exercise may
have all of it in ``exercise.py``. ``lesson.py`` is never imported. Adding an exercise is adding a folder, here or in
``exercises/`` of a course directory, which goes first.
"""
