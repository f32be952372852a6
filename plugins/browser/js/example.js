// Drawings and pictures to begin with, made for creative_gen.

/** An example as a File. */
export async function example(name, type) {
  const answer = await fetch(`/studio/examples/${name}`);
  return new File([await answer.blob()], name, { type });
}

/** An example as text. */
export async function exampleText(name) {
  return (await fetch(`/studio/examples/${name}`)).text();
}
