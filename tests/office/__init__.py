"""What a real word processor makes of our files, and we of what it saves: `make office`."""
