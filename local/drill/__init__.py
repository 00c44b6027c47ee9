"""The drill: the whole day of a pair of Regions, played on the local AWS, measured and reported."""
