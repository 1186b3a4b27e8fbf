"""From the published warehouse to what people without SQL look at: the comparison site (比较网站)."""
