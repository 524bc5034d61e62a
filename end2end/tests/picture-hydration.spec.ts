import { png } from "../support/png";
import { expect, type Person, ready, test } from "../support/test";
import type { Page } from "@playwright/test";

async function open(page: Page, person: Person) {
  await person.register(page);
  await person.logIn(page);
  await page.goto("/account/picture");
  await ready(page);
}

test("a file is shown before it is sent, and a bar shows how far it is until it is stopped", async ({ page, person }) => {
  await open(page, person);
  const buffer = png(1200, 1200);
  await page.getByLabel("Profile picture").setInputFiles({ name: "me.png", mimeType: "image/png", buffer });
  await expect(page.getByAltText("Chosen picture")).toHaveAttribute("src", /^blob:/);

  const network = await page.context().newCDPSession(page);
  await network.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 400_000,
  });
  await page.getByRole("button", { name: "Save picture" }).click();
  const bar = page.getByRole("progressbar", { name: "Uploaded" });
  await expect.poll(async () => Number(await bar.getAttribute("value"))).toBeGreaterThan(5);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(bar).toHaveCount(0);

  await network.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
  await page.getByRole("button", { name: "Save picture" }).click();
  await expect(page.getByRole("status")).toHaveText("Your profile picture has been saved.");
  await expect(page.getByAltText("Chosen picture")).toHaveCount(0);
});

test("a picture that was stopped is sent again at once, whatever of it is still on its way", async ({ page, person }) => {
  await open(page, person);
  // The file is large enough that a part of it is in buffers between the browser and the site.
  await page.getByLabel("Profile picture").setInputFiles({ name: "me.png", mimeType: "image/png", buffer: png(1200, 1200) });
  const network = await page.context().newCDPSession(page);
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 1_000_000 };
  await network.send("Network.emulateNetworkConditions", slow);
  for (let time = 0; time < 3; time += 1) {
    await page.getByRole("button", { name: "Save picture" }).click();
    const bar = page.getByRole("progressbar", { name: "Uploaded" });
    await expect.poll(async () => Number(await bar.getAttribute("value"))).toBeGreaterThan(5);
    await page.getByRole("button", { name: "Cancel" }).click();
  }
  await page.getByRole("button", { name: "Save picture" }).click();
  await expect(page.getByRole("status")).toHaveText("Your profile picture has been saved.");
});

test("an upload that fails on its way can be tried again", async ({ page, person, expectNotes }) => {
  expectNotes(/net::ERR_FAILED/);
  await open(page, person);
  const buffer = png(300, 300, [1, 2, 200]);
  await page.getByLabel("Profile picture").setInputFiles({ name: "me.png", mimeType: "image/png", buffer });
  await page.route("**/account/picture", (route) => route.abort());
  await page.getByRole("button", { name: "Save picture" }).click();
  await expect(page.locator(".summary")).toContainText("Nothing was changed. Try again in 5 seconds.");
  await page.unroute("**/account/picture");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("status")).toHaveText("Your profile picture has been saved.");
});

test("a file is dropped as well as chosen", async ({ page, person }) => {
  await open(page, person);
  const bytes = [...png(64, 64, [9, 99, 9])];
  const dropped = await page.evaluateHandle((bytes) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(bytes)], "me.png", { type: "image/png" }));
    return transfer;
  }, bytes);
  await page.dispatchEvent(".upload-zone", "drop", { dataTransfer: dropped });
  await expect(page.getByAltText("Chosen picture")).toBeVisible();
  await page.getByRole("button", { name: "Save picture" }).click();
  await expect(page.getByRole("status")).toHaveText("Your profile picture has been saved.");
});

test("a file that is too large is refused before it is sent", async ({ page, person }) => {
  await open(page, person);
  const buffer = Buffer.alloc(10_000_001);
  await page.getByLabel("Profile picture").setInputFiles({ name: "me.png", mimeType: "image/png", buffer });
  await expect(page.locator("#picture-error")).toHaveText("Choose a file of at most 10 MB");
});

test("a file that is no picture is told, and the former picture stays", async ({ page, person, expectNotes }) => {
  // Playwright's trace recorder itself fetches the object URL of the picture.
  expectNotes(/Connecting to 'blob:/);
  await open(page, person);
  const picture = page.getByLabel("Profile picture");
  await picture.setInputFiles({ name: "me.png", mimeType: "image/png", buffer: png(64, 64, [9, 99, 9]) });
  await page.getByRole("button", { name: "Save picture" }).click();
  const now = page.getByRole("region", { name: "Current picture" }).locator("img");
  const before = await now.getAttribute("src");
  await picture.setInputFiles({ name: "me.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await expect(page.locator("#picture-error")).toHaveText("Choose another picture: this file is damaged or not a picture");
  await expect(page.getByAltText("Chosen picture")).toHaveCount(0);
  await expect(now).toHaveAttribute("src", before!);
  await picture.setInputFiles({ name: "you.png", mimeType: "image/png", buffer: png(64, 64, [99, 9, 9]) });
  await expect(page.locator("#picture-error")).toHaveCount(0);
  await expect(page.getByAltText("Chosen picture")).toBeVisible();
});
