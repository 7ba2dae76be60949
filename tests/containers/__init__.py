"""Replays Dockerfile and docker-compose.yml on a Linux machine without a container engine."""
