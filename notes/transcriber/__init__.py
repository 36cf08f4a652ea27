"""The transcription subprocess, and the worker's side of it. Nothing in this package imports Django or an app.

A worker asks a SubprocessTranscriber, which starts and watches the process that runs `child_process`; there an
InProcessTranscriber decodes recordings and has an engine transcribe them.
"""
