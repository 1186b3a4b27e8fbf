-- Run once, when PostgreSQL's volume is empty: the database of the DuckLake's catalogue. Dagster has another.
CREATE DATABASE ducklake;
