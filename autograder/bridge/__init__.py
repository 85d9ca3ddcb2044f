"""The old place of `autograder.nbgrader_plugin`. Courses made by earlier versions import `autograder.bridge.config`."""
