"""The course's exercises, one folder for each: the definition ``exercise.py`` and the notebook's source ``lesson.py``.

``reference.py`` and ``misconceptions.py`` belong to the definition; an exercise of a course may keep them in
``exercise.py``. ``lesson.py`` is never imported. To add an exercise, add a folder here or in ``exercises/`` of a course
directory, which takes precedence.
"""
