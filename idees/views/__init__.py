"""The pages of ideas, by what people come to do there."""
