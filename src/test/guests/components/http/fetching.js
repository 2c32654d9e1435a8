export const client = {
  async get(url) {
    try {
      const response = await fetch(url);
      return { status: response.status, body: await response.text() };
    } catch (e) {
      throw String(e);
    }
  },
};
