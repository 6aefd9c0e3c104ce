import { hostileTexts } from "./support/hostile_engine.mjs";

hostileTexts("webkit");
