from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.greeter import Mood, Person

WORDS = {Mood.FORMAL: "Good day", Mood.FRIENDLY: "Hello", Mood.TIRED: "Oh"}


class Greeter(exports.Greeter):
    def greet(self, who: Person, mood: Mood) -> str:
        if not who.name:
            raise Err("a person without a name")
        return f"{WORDS[mood]}, {who.name}, from Python"

    def greet_all(self, people: list[Person]) -> list[str]:
        return [self.greet(who, Mood.FRIENDLY) for who in people if who.name]

    def languages(self, people: list[Person]) -> list[str]:
        return list(dict.fromkeys(language for who in people for language in who.languages))


class WitWorld:
    def language(self) -> str:
        return "Python"

    def echo(self, bytes: bytes) -> bytes:
        return bytes
