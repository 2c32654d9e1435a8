const words = { formal: 'Good day', friendly: 'Hello', tired: 'Oh' };

const greet = (who, mood) => {
  if (who.name === '') throw 'a person without a name';
  return `${words[mood]}, ${who.name}, from JavaScript`;
};

const greetAll = (people) =>
  people.filter((who) => who.name !== '').map((who) => greet(who, 'friendly'));

const languages = (people) => [...new Set(people.flatMap((who) => who.languages))];

export const greeter = { greet, greetAll, languages };

export const language = () => 'JavaScript';

export const echo = (bytes) => bytes;
