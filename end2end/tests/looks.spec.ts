import { expect, Person, ready, test } from "../support/test";

const posts = [
  ["On keeping a commonplace book", "For eleven years I have copied sentences into the same kind of notebook. Nothing clever: a line from a letter, a recipe, the price of coal. Last week I read all of it in one sitting, and it was not the notes that surprised me, but the order in which I had needed them."],
  ["Ferries, slowly", "The night boat to the islands leaves at ten and arrives at six. In between there is a saloon with brown carpets, a man who sells tea, and nothing whatever to do. I recommend it."],
  ["What the engine cannot do", "It has no pretensions to *originate* anything. It can do whatever we know how to order it to perform.\n\n## A note on tables\n\nIt follows analysis; it has no power of anticipating any relations or truths.\n\n> Its province is to assist us in making available what we are already acquainted with.\n\n```\nV1 = V2 + V3\nV4 = V1 * V1\n```\n\n1. Draw the plan.\n2. Punch the cards.\n3. Turn the handle.\n\nThe rest is [patience](https://example.org)."],
  ["A small grammar of garden gates", "There are gates that close and gates that are closed. The difference is a spring, and what it says about the person who fitted it."],
  ["Letters to a young baker", "Salt last. Everybody forgets it once, and nobody twice."],
  ["Maps of places that have moved", "Rivers do it, and so do villages, but nothing moves as far as a coastline that somebody has decided to draw better."],
];

test("every page fits every screen, by day and by night", async ({ page, expectNotes }) => {
  test.setTimeout(120_000);
  expectNotes(/status of 404/);
  const writer = new Person(0, "ada-lovelace");
  await writer.register(page);
  await writer.logIn(page);
  for (const [title, content] of posts) await writer.publish(page, title, content, "engines, patience");
  await writer.saveProfile(page, {
    display_name: "Ada Lovelace",
    pronouns: "she/her",
    location: "London",
    website: "https://ada.example",
    links: "https://social.example/@ada\nhttps://code.example/ada",
    about: "Analyst of engines that do not exist yet.",
    biography: "I write about **machines** and what they cannot do.\n\n- [Notes on the engine](https://notes.example)\n- Letters, on request",
  });
  await page.goto(`/user/${writer.username}`);
  const engine = page.getByRole("link", { name: "What the engine cannot do" });
  const post = (await engine.getAttribute("href"))!;
  const member = {
    home: "/",
    post,
    profile: `/user/${writer.username}`,
    write: "/post/new",
    image: "/post/image?picture=0a-0b-60-40.webp",
    update: post.replace(/.*\/(\d+)-.*/, "/post/update?post=$1"),
    drafts: "/account/drafts",
    trash: "/account/trash",
    explore: "/explore",
    tag: "/tag/engines",
    account: "/account",
    picture: "/account/picture",
    password: "/account/password",
    sessions: "/account/sessions",
    delete: "/account/delete",
  };
  const visitor = {
    register: "/register",
    login: "/login",
    forgotten: "/forgot_password",
    about: "/about",
    missing: "/nowhere",
  };

  const look = async (name: string, path: string) => {
    await page.goto(path);
    await ready(page);
    for (const width of [360, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const overflow = await page.locator("html").evaluate((root) => root.scrollWidth - root.clientWidth);
        expect(overflow, `${name} at ${width}`).toBe(0);
        await page.screenshot({ path: `test-results/looks/${name}-${width}-${colorScheme}.png` });
      }
    }
  };
  for (const [name, path] of Object.entries(member)) await look(name, path);
  await page.context().clearCookies();
  for (const [name, path] of Object.entries(visitor)) await look(name, path);
  await page.getByRole("link", { name: "Register" }).click();
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.screenshot({ path: "test-results/looks/refused-1280-dark.png", fullPage: true });
});
