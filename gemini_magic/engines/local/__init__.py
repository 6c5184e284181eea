"""Any server of OpenAI's chat completions, by the `openai` package; code runs on this machine."""

SDK = "openai"
